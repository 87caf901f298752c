package dev.sluice.clients;

import static java.util.stream.Collectors.joining;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

final class NeedsCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String missing =
        AnnotationSupport.findAnnotation(context.getElement(), Needs.class).stream()
            .map(Needs::value)
            .flatMap(Stream::of)
            .map(Tool::missing)
            .flatMap(Optional::stream)
            .collect(joining("; "));
    return missing.isEmpty()
        ? ConditionEvaluationResult.enabled("all tools are there")
        : ConditionEvaluationResult.disabled(missing);
  }
}

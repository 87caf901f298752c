package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A token type by its wire name. */
final class TokenTypeConverter implements ITypeConverter<TokenType> {
  @Override
  public TokenType convert(String value) {
    TokenType type = TokenType.of(value);
    if (type == null) {
      throw new TypeConversionException(
          "'" + value + "' is not one of finalResponse, agentReasoning, toolResponse");
    }
    return type;
  }
}

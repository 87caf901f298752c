package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.plan.Timetable;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes events as a dialect wants them, without building strings. */
final class TemplateWriter {
  private static final byte[] NONE = {};

  private final byte[] chatPrefix;
  private final LoadSpec load;
  private final TokenText text;
  private final Timetable timetable;
  private final PublishForm form;

  TemplateWriter(RunSpec spec, Timetable timetable, TokenText text, PublishForm form) {
    this.chatPrefix = spec.chatPrefix().getBytes(StandardCharsets.US_ASCII);
    this.load = spec.load();
    this.text = text;
    this.timetable = timetable;
    this.form = form;
  }

  private byte[] runField(int chat) {
    String run = load.runOf(chat);
    return run == null ? NONE : (",\"run\":\"" + run + "\"").getBytes(StandardCharsets.US_ASCII);
  }

  /** How an event is written, or null if the target wants none like it. */
  @Nullable Template template(int chat, int index) {
    if (index < 0) {
      return form.start();
    }
    return index == timetable.tokens(chat) ? form.end() : form.token();
  }

  /** Fills a template for an event. */
  void write(Template template, int chat, int index, ByteBuf out) {
    for (Template.Part part : template.parts()) {
      Template.Slot slot = part.slot();
      if (slot == null) {
        out.writeBytes(part.literal());
        continue;
      }
      switch (slot) {
        case CHAT -> {
          out.writeBytes(chatPrefix);
          TokenText.writeDecimal(load.chatOf(chat), out);
        }
        case TOKEN -> text.writeJson(chat, index, out);
        case INDEX -> TokenText.writeDecimal(Math.max(0, index), out);
        case RUN -> out.writeBytes(runField(chat));
      }
    }
  }
}

package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.plan.Timetable;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes events as a dialect wants them, without building strings. */
final class TemplateWriter {
  private final byte[] chatPrefix;
  private final TokenText text;
  private final Timetable timetable;
  private final PublishForm form;

  TemplateWriter(RunSpec spec, Timetable timetable, TokenText text, PublishForm form) {
    this.chatPrefix = spec.chatPrefix().getBytes(StandardCharsets.US_ASCII);
    this.text = text;
    this.timetable = timetable;
    this.form = form;
  }

  /** How an event is written, or null if the target wants none like it. */
  @Nullable Template template(long sequence) {
    int index = timetable.index(sequence);
    if (index < 0) {
      return form.start();
    }
    return index == timetable.tokens(timetable.chat(sequence)) ? form.end() : form.token();
  }

  /** Fills a template for an event. */
  void write(Template template, long sequence, ByteBuf out) {
    int chat = timetable.chat(sequence);
    int index = timetable.index(sequence);
    for (Template.Part part : template.parts()) {
      Template.Slot slot = part.slot();
      if (slot == null) {
        out.writeBytes(part.literal());
        continue;
      }
      switch (slot) {
        case CHAT -> {
          out.writeBytes(chatPrefix);
          TokenText.writeDecimal(chat, out);
        }
        case TOKEN -> text.writeJson(chat, index, out);
        case INDEX -> TokenText.writeDecimal(Math.max(0, index), out);
      }
    }
  }
}

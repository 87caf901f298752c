package dev.sluice;

import dev.sluice.upstream.UpstreamKind;

/** The kinds of upstream by the names that the configuration has for them. */
enum UpstreamChoice {
  openai(UpstreamKind.OPENAI),
  flowise(UpstreamKind.FLOWISE);

  final UpstreamKind kind;

  UpstreamChoice(UpstreamKind kind) {
    this.kind = kind;
  }
}

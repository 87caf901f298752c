package dev.sluice.upstream;

/** What kinds of model server Sluice can call. */
public enum UpstreamKind {
  /** Chat completions as OpenAI's server streams them. */
  OPENAI,
  /** A Flowise server: its predictions. */
  FLOWISE
}

/**
 * For agents that are written in Java and run in the process of the edge: what they publish with,
 * and how they read.
 *
 * <pre>
 * LangChain4j ──▶ LangChain4jHandler ─┐
 * Flow, Reactor ▶ TokenSubscriber ────┼─▶ LlmNode ──┐
 * own callbacks ──────────────────────┘             ├─▶ EventPublisher ─▶ chat
 * several agents ▶ AgentRun, AgentNode, ToolCall ───┘
 *                                      ChatFrames ◀──────────────────── chat
 * </pre>
 *
 * <p>Every publishing call returns at once and says what became of its event by a {@link
 * dev.sluice.chat.PublishResult}. A {@link dev.sluice.chat.RunListener} is told when a run was
 * stopped and when nobody reads it any more.
 *
 * <p>This room knows the chats, but neither HTTP nor the model servers. {@link
 * dev.sluice.agent.LangChain4jHandler} alone needs LangChain4j, which is optional.
 */
@NullMarked
package dev.sluice.agent;

import org.jspecify.annotations.NullMarked;

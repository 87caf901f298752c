package dev.sluice.clients;

import dev.sluice.Sluice;
import dev.sluice.frame.TokenType;
import org.junit.jupiter.api.Test;

/** The page asks the flow that its address names. */
@Needs(Tool.BROWSER)
class PageAsksAFlowTest {
  @Test
  void theFlowOfTheAddressAnswersAfterAReloadToo() throws InterruptedException {
    try (Sluice sluice =
            Sluice.embed()
                .port(0)
                .flow(
                    "echo",
                    (prompt, run) -> {
                      run.token(TokenType.FINAL_RESPONSE, "You said: " + prompt.question());
                      run.end();
                    })
                .start();
        Browser browser = Browser.start()) {
      browser.open(sluice.uri() + "/?flow=echo");
      browser.type("#question", "one" + Browser.ENTER);
      browser.await("document.querySelector('#answer')?.textContent === 'You said: one'");
      browser.refresh();
      browser.type("#question", "two" + Browser.ENTER);
      browser.await(
          "[...document.querySelectorAll('*')].some(e => e.textContent === 'You said: two')");
    }
  }
}

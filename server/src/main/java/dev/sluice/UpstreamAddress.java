package dev.sluice;

import dev.sluice.upstream.UpstreamKind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a model server is, and what it is.
 *
 * @param baseUrl what the paths of its calls are put after
 * @param chatflow for Flowise, the chatflow that answers; null for the one that is asked for
 */
record UpstreamAddress(UpstreamKind kind, URI baseUrl, @Nullable String chatflow) {
  private static final String API = "/api/v1";
  private static final String PREDICTION = API + "/prediction/";

  /**
   * Reads an address as it was configured. For Flowise it may be that of the server, or that of one
   * chatflow's predictions, as Flowise itself shows it.
   *
   * @param flow for messages
   * @param chatflow the chatflow that was named beside the address, or null
   * @throws IllegalArgumentException with what is wrong
   */
  static UpstreamAddress of(
      UpstreamKind kind, String flow, String configured, @Nullable String chatflow) {
    URI url;
    try {
      url = URI.create(configured);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the upstream url of the flow " + flow + " is not a URL", e);
    }
    if (kind != UpstreamKind.FLOWISE || url.getRawPath() == null || url.getRawAuthority() == null) {
      return new UpstreamAddress(kind, url, chatflow);
    }
    String path = url.getRawPath().replaceFirst("/+$", "");
    int prediction = path.indexOf(PREDICTION);
    if (prediction >= 0) {
      String inUrl = decoded(path.substring(prediction + PREDICTION.length()));
      if (chatflow != null && !chatflow.equals(inUrl)) {
        throw new IllegalArgumentException(
            "the flow " + flow + " has one chatflow in its url and another as chatflow");
      }
      return new UpstreamAddress(kind, withPath(url, path.substring(0, prediction)), inUrl);
    }
    int api = path.lastIndexOf(API);
    boolean more = api >= 0 && (path + "/").startsWith(PREDICTION, api);
    boolean whole = api >= 0 && (more || path.length() == api + API.length());
    return new UpstreamAddress(kind, whole ? withPath(url, path.substring(0, api)) : url, chatflow);
  }

  /** The same, with that chatflow if none is named. */
  UpstreamAddress orChatflow(String name) {
    return kind == UpstreamKind.FLOWISE && chatflow == null
        ? new UpstreamAddress(kind, baseUrl, name)
        : this;
  }

  private static String decoded(String segment) {
    // Not at the front of the path, where a second slash would make it a host.
    return URI.create("/-" + segment).getPath().substring(2);
  }

  /** The same address with less of a path; all else stays as it was written. */
  private static URI withPath(URI url, String rawPath) {
    String query = url.getRawQuery();
    String fragment = url.getRawFragment();
    return URI.create(
        url.getScheme()
            + "://"
            + url.getRawAuthority()
            + rawPath
            + (query == null ? "" : "?" + query)
            + (fragment == null ? "" : "#" + fragment));
  }
}

package llmload.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;

/** Gathers a request's body; one that is too large is answered 413 and skipped. */
final class BodyAggregator extends HttpObjectAggregator {
  private final int maxBodyBytes;

  BodyAggregator(int maxBodyBytes) {
    super(maxBodyBytes);
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    boolean keepAlive = HttpUtil.isKeepAlive(oversized);
    new Exchange(
            ctx.channel(), oversized.protocolVersion(), keepAlive, Exchange.Head.EMPTY, () -> {})
        .error(ApiException.tooLarge(maxBodyBytes));
  }
}

/// What both ends of a link agree on; the gateway says it in SETUP.
public struct LinkSettings: Sendable, Hashable {
    /// How many streams may be open, cancelled ones that were not answered included; 1 to 65,536.
    public var concurrency: Int
    /// Bytes of DATA that may be under way on one stream, each direction for itself.
    public var streamWindow: Int
    /// Bytes of DATA that may be under way on all streams together, each direction for itself.
    public var linkWindow: Int

    /// Settings: 16 streams, 64 KiB and 1 MiB unless told otherwise.
    public init(concurrency: Int = 16, streamWindow: Int = 64 * 1024, linkWindow: Int = 1024 * 1024) {
        self.concurrency = min(max(concurrency, 1), FrameLimits.concurrency)
        self.streamWindow = min(max(streamWindow, FrameLimits.inline), FrameLimits.window)
        self.linkWindow = min(max(linkWindow, FrameLimits.inline), FrameLimits.window)
    }
}

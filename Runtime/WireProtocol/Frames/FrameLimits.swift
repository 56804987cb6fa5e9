/// The sizes that hold for every link; more is a violation.
public enum FrameLimits {
    /// Bytes of a frame's header.
    public static let header = 12
    /// Bytes of the largest payload: 256 KiB.
    public static let payload = 256 * 1024
    /// Bytes of the largest body that travels in its head's frame, and of the smallest window: 16 KiB.
    public static let inline = 16 * 1024
    /// Bytes of the largest DATA frame, which is what one stream sends in its turn: 64 KiB. With less, most bodies of
    /// that length would reach their client in several writes.
    public static let data = 64 * 1024
    /// The most streams a link may have open.
    public static let concurrency = 65_536
    /// The largest window, in bytes: 1 GiB.
    public static let window = 1 << 30
}

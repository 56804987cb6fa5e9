/// The sizes that hold for every link; more is a violation.
public enum FrameLimits {
    /// Bytes of a frame's header.
    public static let header = 12
    /// Bytes of the largest payload: 256 KiB.
    public static let payload = 256 * 1024
    /// Bytes of the largest DATA frame, and of the largest body that travels in its head's frame: 16 KiB.
    public static let data = 16 * 1024
    /// The most streams a link may have open.
    public static let concurrency = 65_536
    /// The largest window, in bytes: 1 GiB.
    public static let window = 1 << 30
}

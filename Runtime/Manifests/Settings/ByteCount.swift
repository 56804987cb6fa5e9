/// A size in bytes, written in a manifest as `512KiB` or `1MiB`.
public struct ByteCount: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number of bytes, never negative in a manifest.
    public var bytes: Int

    /// Makes a size from a number of bytes.
    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// A number of KiB (1,024 bytes).
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 10) }

    /// A number of MiB (1,048,576 bytes).
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 20) }

    /// Orders sizes by their bytes.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    /// The size as a manifest writes it, in the largest unit that divides it: `B`, `KiB`, `MiB`, `GiB`.
    public var description: String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes >= 1 << shift && bytes & ((1 << shift) - 1) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)B"
    }
}

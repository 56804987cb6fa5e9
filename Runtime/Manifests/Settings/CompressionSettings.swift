/// `compression`: gzip of answers.
public struct CompressionSettings: Sendable, Equatable {
    /// Smaller bodies stay as they are; default 1 KiB.
    public var minimum: ByteCount
    /// zlib's level, 1 (fast) to 9 (small); default 6.
    public var level: Int

    /// Makes the settings.
    public init(minimum: ByteCount = .kibibytes(1), level: Int = 6) {
        self.minimum = minimum
        self.level = level
    }
}

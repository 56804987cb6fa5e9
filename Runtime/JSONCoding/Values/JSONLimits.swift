/// What a JSON document may cost before it is refused.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting that can be allowed, whatever `maxDepth` says: values are built and freed by
    /// recursion, which must end well before a thread's stack does.
    public static let deepestNesting = 1024

    /// The longest document that can be allowed, in bytes, whatever `maxBytes` says: positions are 32 bits wide.
    public static let longestDocument = 2_000_000_000

    /// How many arrays and objects may be open at once; `[]` has depth 1. The default is 128.
    ///
    /// Values above `deepestNesting` count as that.
    public var maxDepth: Int

    /// How long the text may be, in bytes. The default is 64 MiB. Values above `longestDocument` count as that.
    public var maxBytes: Int

    /// Whether an object may have the same key twice; the last member then wins. The default is no, since two
    /// readers of one document must not see different values in it (RFC 8259, section 4).
    public var allowsDoubledKeys: Bool

    /// Limits with the defaults of the properties.
    public init(maxDepth: Int = 128, maxBytes: Int = 64 << 20, allowsDoubledKeys: Bool = false) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
        self.allowsDoubledKeys = allowsDoubledKeys
    }
}

/// How `JSONDecoding` reads a document.
public struct JSONDecodingOptions: Sendable {
    /// How properties' names are looked up; as they are written by default.
    public var keys: JSONKeyStrategy

    /// What the document may cost.
    public var limits: JSONLimits

    /// What the types' own `init(from:)` find in `decoder.userInfo`; nothing by default.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Options with the limits given.
    public init(
        keys: JSONKeyStrategy = .asWritten, limits: JSONLimits = .init(),
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) {
        self.keys = keys
        self.limits = limits
        self.userInfo = userInfo
    }

    /// Options with limits of their own: the depth (128 by default) and the length in bytes (64 MiB).
    public init(keys: JSONKeyStrategy = .asWritten, maxDepth: Int, maxBytes: Int = 64 << 20) {
        self.init(keys: keys, limits: JSONLimits(maxDepth: maxDepth, maxBytes: maxBytes))
    }
}

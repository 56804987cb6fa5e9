/// How `JSONEncoding` writes a document.
public struct JSONEncodingOptions: Sendable {
    /// How properties' names become keys; as they are written by default.
    public var keys: JSONKeyStrategy

    /// How many values may be inside one another before encoding fails; 512 by default. A value that only wraps
    /// another one (an optional, an enum's raw value) counts too. Without it a cycle of objects would overflow the
    /// stack.
    public var maxDepth: Int

    /// What the types' own `encode(to:)` find in `encoder.userInfo`; nothing by default.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Options with the defaults of the properties.
    public init(
        keys: JSONKeyStrategy = .asWritten, maxDepth: Int = 512,
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) {
        self.keys = keys
        self.maxDepth = maxDepth
        self.userInfo = userInfo
    }
}

/// The version of the wire protocol. Peers of one major version understand each other.
public struct ProtocolVersion: Sendable, Hashable {
    /// Changes when old peers cannot follow.
    public var major: UInt16
    /// Changes when something optional is added.
    public var minor: UInt16

    /// A version; see the properties.
    public init(major: UInt16, minor: UInt16) {
        self.major = major
        self.minor = minor
    }

    /// What this module speaks: 1.2.
    public static let current = ProtocolVersion(major: 1, minor: 2)

    /// Whether peers of these versions understand each other.
    public func isCompatible(with other: ProtocolVersion) -> Bool { major == other.major }
}

/// Thrown to a wait whose descriptor was closed meanwhile, or was not open at all.
public struct DescriptorClosed: Error, Hashable, Sendable {
    /// The descriptor's number, which may belong to another file by now.
    public let descriptor: Int32

    /// The error for a descriptor's number.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }
}

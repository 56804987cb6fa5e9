/// Names one invocation that is under way, for `cancel`.
public struct InvocationTicket: Sendable, Hashable {
    /// Which function.
    public let function: FunctionID
    /// Unique within the function's pool.
    public let serial: UInt64

    /// A ticket; see the properties.
    @inlinable
    public init(function: FunctionID, serial: UInt64) {
        self.function = function
        self.serial = serial
    }
}

/// HELLO: the worker's first frame.
public struct HelloFrame: Sendable, Equatable {
    /// "SWFL" as the bytes stand on the wire.
    static let magic: UInt32 = 0x4C46_5753

    /// What the worker speaks.
    public var version: ProtocolVersion
    /// The worker's process id as it sees itself.
    public var pid: Int32
    /// The name of the function in the program.
    public var function: String
    /// What the program was built with, `swift/1.0`.
    public var sdk: String

    /// A greeting; see the properties.
    public init(version: ProtocolVersion = .current, pid: Int32, function: String, sdk: String) {
        self.version = version
        self.pid = pid
        self.function = function
        self.sdk = sdk
    }

    /// Reads a payload; what follows the fields known here is left to later minor versions.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        guard try reader.integer(UInt32.self) == HelloFrame.magic else { throw .invalidField("magic") }
        version = ProtocolVersion(
            major: try reader.integer(UInt16.self), minor: try reader.integer(UInt16.self))
        pid = Int32(bitPattern: try reader.integer(UInt32.self))
        function = try reader.text()
        sdk = try reader.text()
    }

    /// Adds the frame to `out`; false, and nothing is added, when it would be too long.
    @discardableResult
    public func encode(into out: inout FrameBuffer) -> Bool {
        let mark = out.beginFrame(.hello)
        out.append(integer: HelloFrame.magic)
        out.append(integer: version.major)
        out.append(integer: version.minor)
        out.append(integer: pid)
        out.append(text: function)
        out.append(text: sdk)
        return out.endFrame(mark)
    }
}

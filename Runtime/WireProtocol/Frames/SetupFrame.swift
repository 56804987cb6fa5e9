/// SETUP: the gateway's first frame; the worker starts its function when it has come.
public struct SetupFrame: Sendable, Equatable {
    /// What the gateway speaks.
    public var version: ProtocolVersion
    /// The function's name in the manifest.
    public var function: String
    /// The revision that this worker is of.
    public var revision: String
    /// Concurrency and windows.
    public var link: LinkSettings
    /// How lists are paged; nil where the manifest has no `page`.
    public var page: PageSettings?
    /// Connections have to be leased from the gateway; nil: the worker opens what it likes. Since version 1.1.
    public var leases: LeaseSettings?
    /// Bytes of each half of the memory that both share, whose descriptor comes with this frame: the first is for bodies to
    /// the worker, the second for those to the gateway. 0: none is shared, and bodies come in DATA. Since version 1.2.
    public var sharedMemory: Int

    /// A setup; see the properties.
    public init(
        version: ProtocolVersion = .current, function: String, revision: String,
        link: LinkSettings = LinkSettings(), page: PageSettings? = nil, leases: LeaseSettings? = nil,
        sharedMemory: Int = 0
    ) {
        self.version = version
        self.function = function
        self.revision = revision
        self.link = link
        self.page = page
        self.leases = leases
        self.sharedMemory = sharedMemory
    }

    /// Reads a payload; what follows the fields known here is left to later minor versions.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        version = ProtocolVersion(
            major: try reader.integer(UInt16.self), minor: try reader.integer(UInt16.self))
        function = try reader.text()
        revision = try reader.text()
        let concurrency = Int(try reader.integer(UInt32.self))
        let stream = Int(try reader.integer(UInt32.self))
        let whole = Int(try reader.integer(UInt32.self))
        guard (1...FrameLimits.concurrency).contains(concurrency) else { throw .invalidField("concurrency") }
        let windows = FrameLimits.inline...FrameLimits.window
        guard windows.contains(stream), windows.contains(whole) else { throw .invalidField("window") }
        link = LinkSettings(concurrency: concurrency, streamWindow: stream, linkWindow: whole)
        let style = try reader.integer(UInt8.self)
        let defaultLimit = Int(try reader.integer(UInt32.self))
        let maxLimit = Int(try reader.integer(UInt32.self))
        if style == 0 {
            page = nil
        } else {
            guard let style = PageSettings.Style(rawValue: style) else { throw .invalidField("page") }
            page = PageSettings(style: style, defaultLimit: defaultLimit, maxLimit: maxLimit)
        }
        sharedMemory = 0
        guard reader.remaining > 0 else { return }
        let connections = Int(try reader.integer(UInt32.self))
        let wait = try reader.integer(UInt32.self)
        if connections > 0 { leases = LeaseSettings(connections: connections, waitMilliseconds: wait) }
        guard reader.remaining > 0 else { return }
        sharedMemory = Int(try reader.integer(UInt32.self))
        guard sharedMemory == 0 || windows.contains(sharedMemory) else { throw .invalidField("shared memory") }
    }

    /// Adds the frame to `out`; false, and nothing is added, when it would be too long.
    @discardableResult
    public func encode(into out: inout FrameBuffer) -> Bool {
        let mark = out.beginFrame(.setup)
        out.append(integer: version.major)
        out.append(integer: version.minor)
        out.append(text: function)
        out.append(text: revision)
        out.append(integer: UInt32(clamping: link.concurrency))
        out.append(integer: UInt32(clamping: link.streamWindow))
        out.append(integer: UInt32(clamping: link.linkWindow))
        out.append(integer: page?.style.rawValue ?? 0)
        out.append(integer: UInt32(clamping: page?.defaultLimit ?? 0))
        out.append(integer: UInt32(clamping: page?.maxLimit ?? 0))
        if leases != nil || sharedMemory > 0 {
            out.append(integer: UInt32(clamping: leases?.connections ?? 0))
            out.append(integer: leases?.waitMilliseconds ?? 0)
        }
        if sharedMemory > 0 { out.append(integer: UInt32(clamping: sharedMemory)) }
        return out.endFrame(mark)
    }
}

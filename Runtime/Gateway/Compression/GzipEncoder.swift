import CZlib

/// Makes gzip (RFC 1952) of whole bodies.
///
/// Each event loop has one of its own and keeps it: zlib's 256 KiB are taken once, at the first body. The same body at
/// the same level is always the same bytes: the header holds no time. It has no lock: it is used on its event loop only.
final class GzipEncoder: @unchecked Sendable {
    private static let part = 64 << 10

    /// zlib remembers the stream's address, so it has one for good.
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableRawBufferPointer
    /// The level that the stream is set up for; nil: it is not.
    private var level: Int?

    /// An encoder; takes its memory with the first body.
    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(byteCount: Self.part, alignment: 16)
    }

    deinit {
        if level != nil { deflateEnd(stream) }
        stream.deallocate()
        scratch.deallocate()
    }

    /// The body as gzip; nil when that would not be smaller, or when there is no memory for it.
    ///
    /// - Parameter level: 1 (fast) to 9 (small).
    func encode(_ body: [UInt8], level: Int) -> [UInt8]? {
        guard body.count > 0, body.count <= Int(UInt32.max), begin(level) else { return nil }
        return body.withUnsafeBufferPointer { source in
            var result: [UInt8] = []
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.pointee.avail_in = UInt32(source.count)
            while true {
                stream.pointee.next_out = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(Self.part)
                let status = deflate(stream, Z_FINISH)
                let count = Self.part - Int(stream.pointee.avail_out)
                guard status == Z_STREAM_END || (status == Z_OK && count > 0), result.count + count < body.count else {
                    return nil
                }
                result.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[0..<count]))
                if status == Z_STREAM_END { return result }
            }
        }
    }

    private func begin(_ level: Int) -> Bool {
        if self.level == level { return deflateReset(stream) == Z_OK }
        if self.level != nil { deflateEnd(stream) }
        self.level = nil
        stream.pointee = z_stream()
        guard czlib_begin_deflate(stream, Int32(clamping: level)) == Z_OK else { return false }
        self.level = level
        return true
    }
}

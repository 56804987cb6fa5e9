import CZlib
import WireProtocol

/// Reads request bodies that came as gzip (RFC 1952): one member or several, one after the other, and nothing behind.
///
/// Each event loop has one of its own and keeps it. It has no lock: it is used on its event loop only.
final class GzipDecoder: @unchecked Sendable {
    private static let part = 64 << 10

    /// zlib remembers the stream's address, so it has one for good.
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableRawBufferPointer
    private var isSetUp = false

    /// A decoder; takes zlib's memory with the first body.
    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(byteCount: Self.part, alignment: 16)
    }

    deinit {
        if isSetUp { inflateEnd(stream) }
        stream.deallocate()
        scratch.deallocate()
    }

    /// The body's own bytes. A body of no bytes at all stays that.
    ///
    /// What does not fit is noticed in a buffer of 64 KiB: more than `limit` bytes are never kept, and no more are made
    /// than that buffer holds.
    ///
    /// - Throws: `PAYLOAD_TOO_LARGE` past `limit`; `BAD_REQUEST` for a body that is cut off, changed, no gzip, or
    ///   followed by something else.
    func decode(_ body: [UInt8], limit: Int) throws(APIError) -> [UInt8] {
        guard body.count > 0 else { return body }
        guard body.count <= Int(UInt32.max) else { throw APIError(.payloadTooLarge) }
        guard begin() else { throw APIError(.internalError, cause: "zlib has no memory for a request's body") }
        let outcome = body.withUnsafeBufferPointer { source in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.pointee.avail_in = UInt32(source.count)
            let outcome = inflateAll(expecting: Self.length(of: body, limit), limit: limit)
            stream.pointee.next_in = nil
            stream.pointee.avail_in = 0
            return outcome
        }
        return try outcome.get()
    }

    private func inflateAll(expecting length: Int, limit: Int) -> Result<[UInt8], APIError> {
        var result: [UInt8] = []
        result.reserveCapacity(length)
        while true {
            stream.pointee.next_out = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(Self.part)
            let status = inflate(stream, Z_NO_FLUSH)
            let count = Self.part - Int(stream.pointee.avail_out)
            guard status == Z_OK || status == Z_STREAM_END else { return .failure(Self.malformed) }
            guard count <= limit - result.count else { return .failure(APIError(.payloadTooLarge)) }
            if count > result.capacity - result.count {
                // Not left to the array, which would double past the limit.
                result.reserveCapacity(min(limit, max(2 * result.capacity, result.count + count)))
            }
            result.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[0..<count]))
            if status == Z_STREAM_END {
                if stream.pointee.avail_in == 0 { return .success(result) }
                // Another member, or bytes that are none and fail as such.
                guard inflateReset(stream) == Z_OK else { return .failure(Self.malformed) }
            } else if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 {
                return .failure(Self.malformed)
            }
        }
    }

    private func begin() -> Bool {
        if isSetUp { return inflateReset(stream) == Z_OK }
        isSetUp = czlib_begin_inflate(stream) == Z_OK
        return isSetUp
    }

    private static let malformed = APIError.badRequest("The request body is not valid gzip")

    /// The length that the trailer names (of the last member), as far as it can be true: deflate makes at most 1,032
    /// bytes of one.
    private static func length(of body: [UInt8], _ limit: Int) -> Int {
        var named = 0
        for byte in body.suffix(4).reversed() { named = named << 8 | Int(byte) }
        return max(0, min(named, limit, body.count * 1032))
    }
}

import Synchronization
import WireProtocol

/// An answer that is kept: immutable, shared by all event loops.
///
/// Its fields are those that are the same for every client who shares it: what the handler set, `ETag`, `Link`,
/// `Cache-Control`. The request's id, rates, CORS and the version's `Vary` are added to each answer made from it.
final class CachedResponse: Sendable {
    let status: Status
    let headers: HeaderList
    /// The body before compression.
    let body: [UInt8]
    /// When the handler answered, in nanoseconds of the monotonic clock.
    let storedAt: UInt64
    /// How long it is fresh from then, in nanoseconds.
    let lifetime: UInt64
    /// Whether room is counted for a compressed body too.
    let keepsCompressed: Bool
    private let compressed = AtomicLazyReference<CompressedBody>()

    /// An answer; see the properties.
    init(
        status: Status, headers: HeaderList, body: [UInt8], storedAt: UInt64, lifetime: UInt64,
        keepsCompressed: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.storedAt = storedAt
        self.lifetime = lifetime
        self.keepsCompressed = keepsCompressed
    }

    /// The compressed body, once it has been made.
    var compressedBody: [UInt8]? { compressed.load()?.bytes }

    /// Keeps the compressed body for the next client; the first one given stays. Nothing is kept where no room was
    /// counted, or where it is no shorter.
    func keep(compressed bytes: [UInt8]) {
        guard keepsCompressed, bytes.count < body.count else { return }
        _ = compressed.storeIfNil(CompressedBody(bytes))
    }

    /// Nanoseconds since the handler answered; 0 where the clock reads an earlier time.
    @inline(__always)
    func age(at now: UInt64) -> UInt64 { now > storedAt ? now &- storedAt : 0 }

    @inline(__always)
    func isFresh(at now: UInt64) -> Bool { age(at: now) < lifetime }

    /// The answer to one request, whole, with `Age` and `Cache-Status`; to be judged by the request's conditions next.
    func response(at now: UInt64, as use: CacheStatus) -> OutgoingResponse {
        // One copy, with room for what every answer gets.
        let own = self.headers
        let packed = [UInt8](unsafeUninitializedCapacity: own.packed.count + 224) { buffer, count in
            count = buffer.initialize(fromContentsOf: own.packed)
        }
        var headers = HeaderList(trusted: packed, count: own.count)
        CacheStatus.append(age: age(at: now) / 1_000_000_000, to: &headers)
        use.append(to: &headers)
        return OutgoingResponse(status: status, headers: headers, body: body)
    }

    /// As `response(at:as:)` for one that was found.
    func hit(at now: UInt64) -> OutgoingResponse {
        let age = age(at: now)
        return response(at: now, as: .hit(ttl: (lifetime > age ? lifetime &- age : 0) / 1_000_000_000))
    }

    /// Bytes in memory: what is held, room that arrays have to grow counted too, and the objects around it.
    var cost: Int { headers.packed.capacity + body.capacity + (keepsCompressed ? body.count : 0) + 256 }
}

private final class CompressedBody: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

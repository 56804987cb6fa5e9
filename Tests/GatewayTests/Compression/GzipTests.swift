import Testing
import WireProtocol

@testable import Gateway

@Suite("gzip")
struct GzipTests {
    /// A body of so many bytes that can be made smaller.
    private static func body(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: 97 + (state >> 33) % 8)
        }
    }

    private static func packed(_ body: [UInt8]) throws -> [UInt8] {
        try #require(GzipEncoder().encode(body, level: 6))
    }

    private static func failure(_ body: [UInt8], limit: Int = 1 << 20) -> APIError? {
        do throws(APIError) {
            _ = try GzipDecoder().decode(body, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what was packed comes back, by one encoder and one decoder, at every level",
        arguments: [100, 1000, 65_535, 65_536, 65_537, 200_000, 1_000_000])
    func roundTrip(count: Int) throws {
        let encoder = GzipEncoder()
        let decoder = GzipDecoder()
        let body = Self.body(count)
        for level in [1, 6, 6, 9] {
            let packed = try #require(encoder.encode(body, level: level))
            #expect(packed.count < count)
            #expect(try decoder.decode(packed, limit: count) == body)
        }
    }

    @Test("the same body is the same bytes: no time is in them")
    func deterministic() throws {
        let encoder = GzipEncoder()
        let body = Self.body(5000)
        let first = encoder.encode(body, level: 6)
        _ = encoder.encode(Self.body(300), level: 6)
        #expect(encoder.encode(body, level: 6) == first)
        #expect(GzipEncoder().encode(body, level: 6) == first)
        #expect(try #require(first).prefix(10) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
    }

    @Test("bodies that do not become smaller are not packed", arguments: [[], [1], Array("hello".utf8)] as [[UInt8]])
    func notSmaller(body: [UInt8]) {
        #expect(GzipEncoder().encode(body, level: 9) == nil)
    }

    @Test("the limit is of the body's own bytes: exactly so many pass, one more is 413")
    func limit() throws {
        let body = Self.body(100_000)
        let packed = try Self.packed(body)
        #expect(Self.failure(packed, limit: 100_000) == nil)
        #expect(Self.failure(packed, limit: 99_999)?.code == "PAYLOAD_TOO_LARGE")
        #expect(Self.failure(packed, limit: 0)?.status == Status(413))
    }

    @Test("a bomb is 413, alone or in many members, whatever length its trailer names")
    func bomb() throws {
        let zeros = try Self.packed([UInt8](repeating: 0, count: 64 << 20))
        #expect(zeros.count < 70_000)
        #expect(Self.failure(zeros)?.code == "PAYLOAD_TOO_LARGE")
        #expect(Self.failure(zeros.dropLast(4) + [1, 0, 0, 0])?.code == "PAYLOAD_TOO_LARGE")
        let small = try Self.packed([UInt8](repeating: 0, count: 600_000))
        #expect(Self.failure(small + small)?.code == "PAYLOAD_TOO_LARGE")
    }

    @Test("a decoder goes on after a body that was refused")
    func goesOn() throws {
        let decoder = GzipDecoder()
        let body = Self.body(3000)
        let packed = try Self.packed(body)
        for broken in [Array(packed.dropLast(9)), [1, 2, 3], packed] {
            #expect(throws: APIError.self) { try decoder.decode(broken, limit: 10) }
            #expect(try decoder.decode(packed, limit: 3000) == body)
        }
    }

    @Test("several members are one body (RFC 1952, section 2.2)")
    func members() throws {
        let (one, other) = (Self.body(2000), Self.body(70_000))
        let packed = try Self.packed(one) + Self.packed(other) + Self.packed(one)
        #expect(try GzipDecoder().decode(packed, limit: 74_000) == one + other + one)
    }

    @Test("no bytes are no body, and an empty member is an empty one")
    func empty() throws {
        #expect(try GzipDecoder().decode([], limit: 10) == [])
        let empty: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try GzipDecoder().decode(empty, limit: 0) == [])
        #expect(try GzipDecoder().decode(empty + empty, limit: 0) == [])
    }

    @Test("a body cut off anywhere is 400")
    func cutOff() throws {
        let packed = try Self.packed(Self.body(500))
        for count in 1..<packed.count {
            #expect(Self.failure(Array(packed.prefix(count)))?.code == "BAD_REQUEST")
        }
    }

    @Test("a changed checksum or length, trailing bytes and other forms are 400")
    func changed() throws {
        let packed = try Self.packed(Self.body(500))
        for place in 1...8 {
            var broken = packed
            broken[broken.count - place] ^= 1
            #expect(Self.failure(broken)?.code == "BAD_REQUEST")
        }
        #expect(Self.failure(packed + [0])?.code == "BAD_REQUEST")
        #expect(Self.failure(packed + Array("{}".utf8))?.code == "BAD_REQUEST")
        #expect(Self.failure(packed + packed.prefix(12))?.code == "BAD_REQUEST")
        #expect(Self.failure(Array("{\"a\":1}".utf8))?.code == "BAD_REQUEST")
        // zlib's own form (RFC 1950) of nothing, and reserved flags.
        #expect(Self.failure([0x78, 0x9C, 3, 0, 0, 0, 0, 1])?.code == "BAD_REQUEST")
        #expect(Self.failure([0x1F, 0x8B, 8, 0xE0, 0, 0, 0, 0, 0, 3, 3, 0])?.code == "BAD_REQUEST")
    }

    @Test("any changed bit is refused or changes nothing, and ends no process")
    func flipped() throws {
        let body = Self.body(300)
        let packed = try Self.packed(body)
        let decoder = GzipDecoder()
        for bit in 0..<packed.count * 8 {
            var broken = packed
            broken[bit / 8] ^= 1 << UInt8(bit % 8)
            // Time, system and extra flags of the header say nothing of the body.
            if let decoded = try? decoder.decode(broken, limit: 1000) { #expect(decoded == body) }
        }
    }

    @Test(
        "Content-Encoding: none, identity, gzip once",
        arguments: [
            ([], .identity), ([""], .identity), (["identity"], .identity), (["gzip"], .gzip), (["GZip"], .gzip),
            (["x-gzip"], .gzip), (["identity, gzip"], .gzip), ([" gzip ,"], .gzip), (["gzip, gzip"], nil),
            (["gzip", "gzip"], nil), (["gzip, x-gzip"], nil), (["br"], nil), (["deflate"], nil), (["gzip, br"], nil),
            (["deflate, gzip"], nil), (["zstd"], nil), (["gzip;q=1"], nil), (["*"], nil), (["compress"], nil),
        ] as [([String], ContentCoding?)])
    func codings(lines: [String], coding: ContentCoding?) {
        var headers: HeaderList = ["accept-encoding": "br"]
        for line in lines { headers.append("content-encoding", line) }
        do throws(APIError) {
            let found = try ContentCoding(headers)
            #expect(found == coding)
        } catch {
            #expect(coding == nil)
            #expect(error.status == Status(415))
            #expect(error.code == "UNSUPPORTED_MEDIA_TYPE")
            #expect(error.headers["accept-encoding"] == "gzip")
        }
    }

    @Test("a decoded request says nothing of the bytes as they came")
    func decodedHeaders() {
        let headers: HeaderList = [
            "content-type": "application/json", "content-encoding": "gzip", "content-length": "30", "x-a": "b",
        ]
        #expect(ContentCoding.decoded(headers) == ["content-type": "application/json", "x-a": "b"])
    }
}

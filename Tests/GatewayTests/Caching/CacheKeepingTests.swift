import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("What may be kept")
struct CacheKeepingTests {
    private static let second = CacheFixture.second
    /// 1994-11-06T08:49:37Z.
    private static let now: Int64 = 784_111_777

    private static func judge(
        _ headers: HeaderList, status: UInt16 = 200, vary: [CacheSettings.Variant] = []
    ) throws -> CachePolicy.Judgement {
        try CacheFixture().policy(CacheFixture.settings(vary: vary))
            .judge(Status(status), headers, unixSeconds: now)
    }

    @Test(
        "a status is kept, the client's alone, or a failure",
        arguments: [
            (200, .keep(30 * second)), (203, .keep(30 * second)), (204, .keep(30 * second)),
            (301, .keep(30 * second)), (308, .keep(30 * second)), (201, .refuse), (202, .refuse), (206, .refuse),
            (300, .refuse), (302, .refuse), (303, .refuse), (304, .refuse), (307, .refuse), (400, .refuse),
            (401, .refuse), (403, .refuse), (404, .refuse), (412, .refuse), (429, .refuse), (500, .fail),
            (503, .fail), (504, .fail),
        ] as [(UInt16, CachePolicy.Judgement)])
    func statuses(code: UInt16, expected: CachePolicy.Judgement) throws {
        #expect(try Self.judge(["content-type": "text/plain"], status: code) == expected)
    }

    @Test(
        "fields of the handler that forbid it",
        arguments: [
            ["set-cookie": "a=1"], ["cache-control": "private"], ["cache-control": "no-store"],
            ["cache-control": "No-Cache"], ["cache-control": "max-age=0"], ["cache-control": "s-maxage=0, max-age=9"],
            ["cache-control": "max-age=x"], ["cache-control": "\"broken"], ["age": "5"], ["vary": "*"],
            ["vary": "accept-language"], ["vary": "accept-encoding, *"], ["vary": "x;y"], ["vary": "\""],
            ["vary": "authorization"], ["expires": "0"], ["expires": "Sun, 06 Nov 1994 08:49:37 GMT"],
            ["expires": "Sun, 06 Nov 1994 08:49:36 GMT"], ["expires": "tomorrow"],
        ] as [HeaderList])
    func forbidden(headers: HeaderList) throws {
        #expect(try Self.judge(headers) == .refuse)
    }

    @Test(
        "the handler shortens the lifetime, and never lengthens it",
        arguments: [
            (["cache-control": "public"], 30), (["cache-control": "max-age=5"], 5),
            (["cache-control": "max-age=3600"], 30), (["cache-control": "max-age=5, s-maxage=7"], 7),
            (["cache-control": "max-age=5, s-maxage=70"], 30), (["cache-control": "max-age=0, s-maxage=7"], 7),
            (["cache-control": "max-age=99999999999999999999"], 30),
            (["expires": "Sun, 06 Nov 1994 08:49:47 GMT"], 10),
            (["expires": "Sun, 06 Nov 2094 08:49:47 GMT"], 30),
            (["expires": "0", "cache-control": "max-age=9"], 9), (["etag": "x"], 30),
        ] as [(HeaderList, UInt64)])
    func lifetime(headers: HeaderList, seconds: UInt64) throws {
        #expect(try Self.judge(headers) == .keep(seconds * Self.second))
    }

    @Test("a handler's Vary may name what is in the key")
    func vary() throws {
        let vary: [CacheSettings.Variant] = [.caller, .header("accept-language"), .header("x-a")]
        let kept = CachePolicy.Judgement.keep(30 * Self.second)
        #expect(try Self.judge(["vary": "Accept-Language, X-A"], vary: vary) == kept)
        #expect(try Self.judge(["vary": "Authorization"], vary: vary) == kept)
        #expect(try Self.judge(["vary": ""], vary: vary) == kept)
        #expect(try Self.judge(["vary": "accept-language, accept"], vary: vary) == .refuse)
        var lines: HeaderList = ["vary": "x-a"]
        lines.append("vary", "cookie")
        #expect(try Self.judge(lines, vary: vary) == .refuse)
    }

    @Test(
        "any lifetime can be counted in nanoseconds",
        arguments: [
            (.milliseconds(500), 500_000_000), (.seconds(-1), 0), (.zero, 0), (.seconds(Int64.max), .max),
        ] as [(Duration, UInt64)])
    func durations(duration: Duration, nanoseconds: UInt64) throws {
        #expect(try CacheFixture().policy(CacheFixture.settings(for: duration)).lifetime == nanoseconds)
    }

    // MARK: What is sent of it

    @Test("a hit tells its age and how long it is still fresh, in whole seconds")
    func hit() {
        let answer = CachedResponse(
            status: .ok, headers: ["etag": #""a""#], body: [1], storedAt: 5 * Self.second, lifetime: 30 * Self.second)
        let response = answer.hit(at: 23 * Self.second + 999)
        #expect(response.status == .ok)
        #expect(response.body == [1])
        #expect(response.headers == ["etag": #""a""#, "age": "18", "cache-status": "swiftlet; hit; ttl=11"])
        #expect(answer.hit(at: 0).headers["age"] == "0")
        #expect(answer.hit(at: .max).headers["cache-status"] == "swiftlet; hit; ttl=0")
    }

    @Test(
        "Cache-Status says what was done",
        arguments: [
            (.miss(stored: true), "swiftlet; fwd=miss; stored"), (.miss(stored: false), "swiftlet; fwd=miss"),
            (.collapsed, "swiftlet; fwd=miss; collapsed"), (.bypass, "swiftlet; fwd=bypass"),
            (.hit(ttl: 12), "swiftlet; hit; ttl=12"), (.hit(ttl: .max), "swiftlet; hit; ttl=18446744073709551615"),
        ] as [(CacheStatus, String)])
    func status(status: CacheStatus, text: String) {
        var headers = HeaderList()
        status.append(to: &headers)
        #expect(headers == ["cache-status": text])
    }

    @Test("a compressed body is kept once, and only where room was counted for it")
    func compressed() {
        func answer(_ keeps: Bool) -> CachedResponse {
            CachedResponse(
                status: .ok, headers: [:], body: [1, 2, 3], storedAt: 0, lifetime: 1, keepsCompressed: keeps)
        }
        let kept = answer(true)
        kept.keep(compressed: [1, 2, 3])
        #expect(kept.compressedBody == nil)
        kept.keep(compressed: [7])
        kept.keep(compressed: [8])
        #expect(kept.compressedBody == [7])
        let bare = answer(false)
        bare.keep(compressed: [7])
        #expect(bare.compressedBody == nil)
        #expect(kept.cost >= bare.cost + 3)
    }
}

import Testing
import WireProtocol

@testable import HTTPServing

struct RequestTargetTests {
    static func path(_ target: String, _ method: Method = .get) -> String? {
        Array(target.utf8).withUnsafeBytes { RequestTarget($0, method: method) }
            .map { String(decoding: $0.path, as: UTF8.self) }
    }

    @Test(
        "a path is decoded once and normalised once",
        arguments: [
            ("/", "/"), ("/a", "/a"), ("/a/", "/a/"), ("/a//b", "/a/b"), ("//", "/"), ("//a", "/a"),
            ("/a//", "/a/"),
            ("/./a", "/a"), ("/a/.", "/a/"), ("/a/./b", "/a/b"), ("/a/..", "/"), ("/a/../b", "/b"),
            ("/a/b/..", "/a/"), ("/a/%2e%2e/b", "/b"), ("/a/%2E./b", "/b"), ("/a/.%2e", "/"),
            ("/%2e/a", "/a"),
            ("/a//../b", "/b"), ("/%61%62", "/ab"), ("/A", "/A"), ("/a%20b", "/a b"), ("/a+b", "/a+b"),
            ("/%252e%252e/a", "/%2e%2e/a"), ("/a%252fb", "/a%2fb"), ("/a;x", "/a;x"), ("/a;x/..", "/"),
            ("/..;/a", "/..;/a"), ("/.../a", "/.../a"), ("/.a", "/.a"), ("/a.", "/a."),
            ("/a..b/..c", "/a..b/..c"),
            ("/%C3%A4", "/ä"), ("/%F0%9F%98%80", "/😀"), ("/a?b/../c", "/a"), ("/a%3Fb", "/a?b"),
            ("/a%23", "/a#"),
            ("/~a_b-c!$&'()*+,=:@", "/~a_b-c!$&'()*+,=:@"), ("/a%25", "/a%"), ("/?", "/"),
        ])
    func normalised(_ target: String, _ expected: String) {
        #expect(RequestTargetTests.path(target) == expected)
    }

    @Test(
        "a target that could name something else is refused",
        arguments: [
            "", "a", "*", "/..", "/../a", "/a/../..", "/%2e%2e", "/%2e%2e/a", "/.%2e/", "/a/%2e%2e/%2e%2e/b",
            "//../a", "/a%2fb", "/a%2Fb", "/a%5cb", "/%5C", "/a\\b", "\\", "/a%00b", "/%00", "/%", "/%4",
            "/%zz",
            "/a%g1", "/%c0%ae", "/%c0%af", "/%e0%80%af", "/%ed%a0%80", "/%ff", "/%80", "/%c3", "/a%c3/b",
            "/%f8%88%80%80%80",
            "/a#b", "/a?b#c", "/ä", "/a?ä", "/a\u{7F}", "/a\tb", "/a\u{0}", "ftp://a/", "http://",
            "http:///a",
            "http://u@a/", "http:/a", "//a:80\\b", "mailto:a",
        ])
    func refused(_ target: String) {
        #expect(RequestTargetTests.path(target) == nil)
    }

    @Test("the asterisk is for OPTIONS only, and CONNECT takes nothing but a host and port")
    func special() {
        #expect(RequestTargetTests.path("*", .options) == "*")
        #expect(RequestTargetTests.path("*", .post) == nil)
        #expect(RequestTargetTests.path("**", .options) == nil)
        #expect(RequestTargetTests.path("a:443", .connect) == "*")
        #expect(RequestTargetTests.path("a", .connect) == nil)
        #expect(RequestTargetTests.path("a:", .connect) == nil)
        #expect(RequestTargetTests.path("/a", .connect) == nil)
    }

    @Test("a normalised path that is escaped and parsed again comes out the same")
    func stable() {
        var random = SeededRandom(seed: 7)
        let parts = ["a", ".", "..", "/", "//", "%2e", "%20", "%25", "%C3%A4", ";", "b"]
        for _ in 0..<2_000 {
            let target =
                "/"
                + (0..<Int.random(in: 0...8, using: &random)).map { _ in
                    parts[Int.random(in: 0..<parts.count, using: &random)]
                }.joined()
            guard let path = RequestTargetTests.path(target) else { continue }
            let escaped = path.utf8.map {
                $0 == 0x2F ? "/" : "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16)
            }
            #expect(RequestTargetTests.path(escaped.joined()) == path, "\(target)")
            #expect(path.hasPrefix("/") && !path.contains("//"), "\(target)")
        }
    }
}

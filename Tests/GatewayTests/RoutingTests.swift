import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Routing")
struct RoutingTests {
    static let patterns = [
        "GET /", "GET /users", "POST /users", "GET /users/{id}", "DELETE /users/{id}", "GET /users/me",
        "GET /users/{id}/orders", "GET /users/me/photos", "GET /users/{id}/{what}", "GET /users/",
        "GET /files/{path+}", "PUT /files/{name}", "GET /files/special/{x}/end", "GET /{any}",
        "OPTIONS /custom", "GET /custom", "GET /ünïcode", "GET /cafe\u{301}", "GET /caf\u{E9}",
    ]

    static func trie(_ patterns: [String]) throws -> RouteTrie {
        var builder = RouteTrieBuilder()
        let root = builder.addRoot()
        for (index, text) in patterns.enumerated() {
            let pattern = try #require(RoutePattern(text))
            builder.add(pattern.segments, try #require(Method(pattern.method)), route: index, root: root)
        }
        return RouteTrie(builder)
    }

    @Test(
        "the most specific route that has the method is found",
        arguments: [
            ("GET", "/", "GET /"), ("GET", "/users", "GET /users"), ("POST", "/users", "POST /users"),
            ("GET", "/users/", "GET /users/"), ("GET", "/users/42", "GET /users/{id}"),
            ("GET", "/users/me", "GET /users/me"), ("DELETE", "/users/me", "DELETE /users/{id}"),
            ("GET", "/users/me/orders", "GET /users/{id}/orders"),
            ("GET", "/users/me/photos", "GET /users/me/photos"),
            ("GET", "/users/me/other", "GET /users/{id}/{what}"), ("GET", "/files/a", "GET /files/{path+}"),
            ("PUT", "/files/a", "PUT /files/{name}"), ("GET", "/files/a/b/c", "GET /files/{path+}"),
            ("GET", "/files/special/1/end", "GET /files/special/{x}/end"),
            ("GET", "/files/special/1/other", "GET /files/{path+}"),
            ("GET", "/files/a/", "GET /files/{path+}"),
            ("GET", "/other", "GET /{any}"), ("HEAD", "/users", "GET /users"),
            ("HEAD", "/users/1", "GET /users/{id}"), ("OPTIONS", "/custom", "OPTIONS /custom"),
            ("GET", "/ünïcode", "GET /ünïcode"), ("GET", "/cafe\u{301}", "GET /cafe\u{301}"),
            ("GET", "/caf\u{E9}", "GET /caf\u{E9}"),
        ])
    func found(method: String, path: String, expected: String) throws {
        let trie = try Self.trie(Self.patterns)
        let method = try #require(Method(method))
        let match = Array(path.utf8).withUnsafeBytes { trie.match($0, from: 1, method, root: 0) }
        #expect(match.route >= 0)
        if match.route >= 0 {
            // Compared by bytes: Swift holds the two spellings of é for equal.
            #expect(Array(Self.patterns[match.route].utf8) == Array(expected.utf8))
        }
    }

    @Test(
        "what is not there is not found, and other methods are told",
        arguments: [
            ("GET", "/users//", ""), ("GET", "/files/", ""), ("POST", "/users/1/2/3", ""),
            ("GET", "/Users/x", ""),
            ("PATCH", "/users", "GET, HEAD, POST, OPTIONS"),
            ("PATCH", "/users/me", "GET, HEAD, DELETE, OPTIONS"),
            ("POST", "/files/a", "GET, HEAD, PUT, OPTIONS"), ("HEAD", "/nothing/here", ""),
            ("OPTIONS", "/users", "GET, HEAD, POST, OPTIONS"),
        ])
    func notFound(method: String, path: String, allow: String) throws {
        let trie = try Self.trie(Self.patterns)
        let method = try #require(Method(method))
        let match = Array(path.utf8).withUnsafeBytes { trie.match($0, from: 1, method, root: 0) }
        #expect(match.route < 0)
        #expect((match.allowed.isEmpty ? "" : match.allowed.allow) == allow)
    }

    @Test("a thousand routes are each found, and so is the parameter beside them")
    func manyRoutes() throws {
        let patterns = (0..<1000).map { "GET /group\($0 % 10)/item\($0)" } + ["GET /{group}/{item}"]
        let trie = try Self.trie(patterns)
        for index in 0..<1000 {
            let path = Array("/group\(index % 10)/item\(index)".utf8)
            #expect(path.withUnsafeBytes { trie.match($0, from: 1, .get, root: 0) }.route == index)
        }
        let other = Array("/group1/item2".utf8).withUnsafeBytes { trie.match($0, from: 1, .get, root: 0) }
        #expect(other.route == 1000)
    }

    private static var policy: FunctionPolicy {
        FunctionPolicy(
            GatewayFixture.function("F"), index: 0, id: FunctionID(0), in: GatewayFixture.manifest, validator: nil,
            Authenticator(nil, realm: "shop"), ResponseCache())
    }

    @Test("the values of parameters are cut from the path, a rest with its slashes")
    func values() throws {
        let pattern = try #require(RoutePattern("GET /a/{first}/b/{second}/{rest+}"))
        let entry = RouteEntry(pattern, Self.policy)
        let path = Array("/api/a/1/b/zwei€/x/y/".utf8)
        #expect(
            entry.values(in: path, from: 5) == [
                .init("first", "1"), .init("second", "zwei€"), .init("rest", "x/y/"),
            ])
    }

    @Test("any table and any path give what the plain reading of the rules gives", arguments: 0..<60)
    func agreesWithNaiveMatcher(seed: Int) throws {
        var random = FastRandom(seed: (UInt64(seed), 1, 2, 3))
        let words = ["a", "b", "ab", "", "long-literal-of-more-than-eight-bytes"]
        var routes: [(segments: [RoutePattern.Segment], method: Method, route: Int)] = []
        var seen: Set<String> = []
        for _ in 0..<30 {
            let depth = Int.random(in: 1...4, using: &random)
            var segments: [RoutePattern.Segment] = []
            for position in 0..<depth {
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1: segments.append(.parameter("p\(position)"))
                case 2 where position == depth - 1: segments.append(.rest("rest"))
                default: segments.append(.literal(words.randomElement(using: &random) ?? "a"))
                }
            }
            let method = [Method.get, .post, .delete].randomElement(using: &random) ?? .get
            guard seen.insert("\(method)\(segments)").inserted else { continue }
            routes.append((segments, method, routes.count))
        }
        var builder = RouteTrieBuilder()
        let root = builder.addRoot()
        for route in routes { builder.add(route.segments, route.method, route: route.route, root: root) }
        let trie = RouteTrie(builder)
        for _ in 0..<300 {
            let depth = Int.random(in: 1...5, using: &random)
            let path = (0..<depth).map { _ in "/" + (words.randomElement(using: &random) ?? "") }.joined()
            let method = [Method.get, .post, .delete, .head].randomElement(using: &random) ?? .get
            let match = Array(path.utf8).withUnsafeBytes { trie.match($0, from: 1, method, root: 0) }
            let naive = NaiveMatcher(routes: routes).match(path, method)
            #expect(match.route == naive.route, "\(method) \(path)")
            if match.route < 0 { #expect(match.allowed == naive.allowed, "\(method) \(path)") }
        }
    }
}

/// The rules read plainly: every route is tried, and the most specific one wins.
struct NaiveMatcher {
    let routes: [(segments: [RoutePattern.Segment], method: Method, route: Int)]

    func match(_ path: String, _ method: Method) -> RouteTrie.Match {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let matching = routes.filter { matches($0.segments, parts) }
        let serving = matching.filter { $0.method == method || (method == .head && $0.method == .get) }
        let best = serving.min { ranks($0.segments).lexicographicallyPrecedes(ranks($1.segments)) }
        let allowed = matching.reduce(into: MethodSet()) { $0.insert(MethodSet($1.method)) }
        return RouteTrie.Match(route: best?.route ?? -1, allowed: allowed)
    }

    private func ranks(_ segments: [RoutePattern.Segment]) -> [Int] {
        segments.map {
            switch $0 {
            case .literal: 0
            case .parameter: 1
            case .rest: 2
            }
        }
    }

    private func matches(_ segments: [RoutePattern.Segment], _ parts: [String]) -> Bool {
        for (index, segment) in segments.enumerated() {
            if case .rest = segment {
                return index < parts.count && !parts[index...].joined(separator: "/").isEmpty
            }
            guard index < parts.count else { return false }
            switch segment {
            case .literal(let text): if text != parts[index] { return false }
            case .parameter: if parts[index].isEmpty { return false }
            case .rest: return false
            }
        }
        return segments.count == parts.count
    }
}

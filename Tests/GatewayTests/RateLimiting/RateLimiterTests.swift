import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Rate limits of functions")
struct RateLimiterTests {
    private static let client = ClientAddress(peer: "192.0.2.1")
    private static let other = ClientAddress(peer: "192.0.2.2")

    private static func manifest(_ common: [RateRule], _ functions: [(String, [RateRule])]) -> Manifest {
        var manifest = Manifest(name: "shop", directory: "/srv")
        manifest.rate = common
        manifest.functions = functions.map { name, rules in
            var function = FunctionSettings(name: FunctionName(rawValue: name), routes: [], auth: .none)
            function.rate = rules
            return function
        }
        return manifest
    }

    private static func limiter(
        _ common: [RateRule] = [], _ own: [RateRule] = [], store: any RateStore = MemoryRateStore()
    ) -> RateLimiter {
        RateLimiter(manifest(common, [("A", own), ("B", own)]), store: store)
    }

    private struct Answer: Equatable {
        var isAllowed: Bool
        var retry: String?
        var policy: [String]
        var limits: [String]
    }

    /// Both askings, and what the answer's fields are.
    private static func send(
        _ limiter: RateLimiter, _ function: Int = 0, _ client: ClientAddress = client,
        _ caller: RateCaller = .anonymous,
        at now: UInt64 = 1
    ) -> Answer {
        var tally = RateTally()
        var error: APIError?
        do throws(APIError) {
            try limiter.admitClient(function, client, at: now, &tally)
            try limiter.admitCaller(function, caller, client, at: now, &tally)
        } catch let refusal {
            error = refusal
        }
        var headers = HeaderList()
        limiter.append(tally, to: &headers)
        if let error {
            #expect(error.status == Status(429))
            #expect(error.code == "RATE_LIMIT_EXCEEDED")
            #expect(error.message == "Too many requests, please try again later")
        }
        return Answer(
            isAllowed: error == nil, retry: error?.headers["retry-after"],
            policy: headers.values("ratelimit-policy"), limits: headers.values("ratelimit"))
    }

    @Test("one rule: the contract's fields, a 429 with Retry-After, and again after so long")
    func one() {
        let limiter = Self.limiter([], [RateRule(limit: 100, per: .seconds(900))])
        let policy = ["\"client\";q=100;w=900"]
        for left in (0..<100).reversed() {
            let answer = Self.send(limiter)
            #expect(answer == Answer(isAllowed: true, policy: policy, limits: ["\"client\";r=\(left);t=9"]))
        }
        let refused = Answer(isAllowed: false, retry: "9", policy: policy, limits: ["\"client\";r=0;t=9"])
        #expect(Self.send(limiter) == refused)
        #expect(Self.send(limiter, at: 9_000_000_000).isAllowed == false)
        #expect(Self.send(limiter, at: 9_000_000_001).isAllowed)
        #expect(Self.send(limiter, 0, Self.other).isAllowed)
        #expect(Self.send(limiter, 1).isAllowed)
    }

    @Test("without rules nothing is said and nothing refused")
    func none() {
        let limiter = Self.limiter()
        #expect(!limiter.limits(0))
        #expect(Self.send(limiter) == Answer(isAllowed: true, policy: [], limits: []))
        #expect(Self.send(limiter, 7).isAllowed)
        #expect(Self.send(limiter, -1).isAllowed)
    }

    @Test("the manifest's own rule is one bucket over all functions, each function's rule one of its own")
    func common() {
        let limiter = Self.limiter([RateRule(limit: 3, per: .seconds(30))], [RateRule(limit: 2, per: .seconds(10))])
        #expect(
            Self.send(limiter)
                == Answer(
                    isAllowed: true, policy: ["\"api-client\";q=3;w=30, \"client\";q=2;w=10"],
                    limits: ["\"api-client\";r=2;t=10, \"client\";r=1;t=5"]))
        #expect(Self.send(limiter, 1).limits == ["\"api-client\";r=1;t=10, \"client\";r=1;t=5"])
        #expect(Self.send(limiter, 1).limits == ["\"api-client\";r=0;t=10, \"client\";r=0;t=5"])
        let refused = Self.send(limiter)
        #expect(refused.retry == "10")
        #expect(refused.limits == ["\"api-client\";r=0;t=10, \"client\";r=1;t=5"])
        #expect(Self.send(limiter, 1).retry == "10")
    }

    @Test("who is refused by a function's rule uses up nothing of the common one")
    func refusedIsFree() {
        let limiter = Self.limiter([RateRule(limit: 3, per: .seconds(30))], [RateRule(limit: 1, per: .seconds(90))])
        #expect(Self.send(limiter).isAllowed)
        for _ in 0..<50 {
            let refused = Self.send(limiter)
            #expect(refused.retry == "90")
            #expect(refused.limits == ["\"api-client\";r=2;t=10, \"client\";r=0;t=90"])
        }
        #expect(Self.send(limiter, 1).limits == ["\"api-client\";r=1;t=10, \"client\";r=0;t=90"])
    }

    @Test("by caller: an id has one bucket from everywhere, tokens and keys apart, and nobody is the client")
    func callers() {
        let limiter = Self.limiter([], [RateRule(limit: 1, per: .seconds(5), by: .caller)])
        #expect(Self.send(limiter, 0, Self.client, .token(id: "42")).limits == ["\"caller\";r=0;t=5"])
        #expect(!Self.send(limiter, 0, Self.other, .token(id: "42")).isAllowed)
        #expect(Self.send(limiter, 0, Self.client, .token(id: "43")).isAllowed)
        #expect(Self.send(limiter, 0, Self.client, .key(name: "42")).isAllowed)
        #expect(!Self.send(limiter, 0, Self.other, .key(name: "42")).isAllowed)
        #expect(Self.send(limiter).isAllowed)
        #expect(!Self.send(limiter).isAllowed)
        #expect(Self.send(limiter, 0, Self.other).isAllowed)
    }

    @Test("by key: counts the key's requests, and those of tokens and nobody not at all")
    func keys() {
        let rules = [
            RateRule(limit: 1, per: .seconds(5), by: .key), RateRule(limit: 9, per: .seconds(9), by: .client),
        ]
        let limiter = Self.limiter([], rules)
        let first = Self.send(limiter, 0, Self.client, .key(name: "reports"))
        #expect(first.policy == ["\"client\";q=9;w=9, \"key\";q=1;w=5"])
        #expect(first.limits == ["\"client\";r=8;t=1, \"key\";r=0;t=5"])
        #expect(!Self.send(limiter, 0, Self.client, .key(name: "reports")).isAllowed)
        #expect(Self.send(limiter, 0, Self.client, .key(name: "others")).isAllowed)
        for caller in [RateCaller.token(id: "reports"), .anonymous, .token(id: "reports")] {
            let answer = Self.send(limiter, 0, Self.client, caller)
            #expect(answer.isAllowed)
            #expect(answer.policy == ["\"client\";q=9;w=9"])
        }
    }

    @Test("by function: one bucket for everybody")
    func functions() {
        let limiter = Self.limiter([], [RateRule(limit: 2, per: .seconds(4), by: .function)])
        #expect(Self.send(limiter, 0, Self.client, .token(id: "1")).limits == ["\"function\";r=1;t=2"])
        #expect(Self.send(limiter, 0, Self.other, .key(name: "2")).isAllowed)
        #expect(!Self.send(limiter).isAllowed)
        #expect(Self.send(limiter, 1).isAllowed)
        let everything = Self.limiter([RateRule(limit: 2, per: .seconds(4), by: .function)])
        #expect(Self.send(everything, 0).limits == ["\"api\";r=1;t=2"])
        #expect(Self.send(everything, 1, Self.other).limits == ["\"api\";r=0;t=2"])
        #expect(!Self.send(everything, 0).isAllowed)
    }

    @Test("many rules: each has a name of its own, a repeated one counts once, and windows are whole seconds")
    func names() {
        let own = [
            RateRule(limit: 10, per: .milliseconds(500)), RateRule(limit: 10, per: .milliseconds(500)),
            RateRule(limit: 20, per: .milliseconds(1500)), RateRule(limit: 30, per: .seconds(3), by: .function),
            RateRule(limit: 40, per: .seconds(4), by: .caller), RateRule(limit: 50, per: .seconds(5)),
        ]
        let answer = Self.send(Self.limiter([RateRule(limit: 1_000_000_000, per: .seconds(86400))], own))
        #expect(
            answer.policy == [
                "\"api-client\";q=1000000000;w=86400, \"client\";q=10;w=1, \"client-2\";q=20;w=2, \"client-3\";q=50;w=5, "
                    + "\"function\";q=30;w=3, \"caller\";q=40;w=4"
            ])
        #expect(
            answer.limits == [
                "\"api-client\";r=999999999;t=1, \"client\";r=9;t=1, \"client-2\";r=19;t=1, \"client-3\";r=49;t=1, "
                    + "\"function\";r=29;t=1, \"caller\";r=39;t=1"
            ])
    }

    @Test("client rules stay charged when a later rule refuses, and the answer tells of both")
    func stages() {
        let rules = [RateRule(limit: 5, per: .seconds(50)), RateRule(limit: 1, per: .seconds(20), by: .caller)]
        let limiter = Self.limiter([], rules)
        #expect(Self.send(limiter).limits == ["\"client\";r=4;t=10, \"caller\";r=0;t=20"])
        let refused = Self.send(limiter)
        #expect(refused.retry == "20")
        #expect(refused.policy == ["\"client\";q=5;w=50, \"caller\";q=1;w=20"])
        #expect(refused.limits == ["\"client\";r=3;t=10, \"caller\";r=0;t=20"])
    }

    @Test("a refusal before authentication tells of the rules that were asked")
    func before() {
        let rules = [RateRule(limit: 1, per: .seconds(7)), RateRule(limit: 9, per: .seconds(9), by: .caller)]
        let limiter = Self.limiter([], rules)
        #expect(Self.send(limiter).isAllowed)
        let refused = Self.send(limiter)
        #expect(refused.policy == ["\"client\";q=1;w=7"])
        #expect(refused.limits == ["\"client\";r=0;t=7"])
    }

    @Test("a reload keeps the buckets of rules that stay, and a changed rule begins anew")
    func reload() {
        let store = MemoryRateStore()
        let rule = RateRule(limit: 2, per: .seconds(60))
        let before = RateLimiter(Self.manifest([rule], [("A", [rule]), ("B", [rule])]), store: store)
        #expect(Self.send(before, 1).limits == ["\"api-client\";r=1;t=30, \"client\";r=1;t=30"])
        // B has moved to the front, and its own rule has changed.
        let changed = RateRule(limit: 3, per: .seconds(60))
        let after = RateLimiter(Self.manifest([rule], [("B", [changed]), ("A", [rule])]), store: store)
        #expect(Self.send(after, 0).limits == ["\"api-client\";r=0;t=30, \"client\";r=2;t=20"])
        let same = RateLimiter(Self.manifest([], [("B", [rule, changed])]), store: store)
        #expect(Self.send(same, 0).limits == ["\"client\";r=0;t=30, \"client-2\";r=1;t=20"])
    }

    @Test("functions and rules whose names run together are told apart")
    func apart() {
        let rule = RateRule(limit: 1, per: .seconds(60))
        let limiter = RateLimiter(Self.manifest([rule], [("A", [rule]), ("Aclient", [])]), store: MemoryRateStore())
        #expect(Self.send(limiter, 0).limits == ["\"api-client\";r=0;t=60, \"client\";r=0;t=60"])
    }
}

import Foundation
import TestSupport
import Testing

/// Exchange rates of a real HTTP service, asked by a real worker.
@Suite(.timeLimit(.minutes(2))) struct ShopRateTests {
    private static let entry =
        #"  GetRate: {route: "GET /rates/{currency}", timeout: 5s, env: {RATES_URL: "${RATES_URL:-}"}}"#

    private static func serve(_ url: String?) throws -> ServedAPI {
        try ServedAPI(functions: entry, environment: url.map { ["RATES_URL": $0] } ?? [:])
    }

    @Test("a rate is what the service says; one that it does not know is 404; what is no currency never reaches it")
    func rates() throws {
        let rates = try RatesServer { line in
            line.contains("/USD ")
                ? RatesServer.answer(#"{"currency":"USD","rate":1.08437219}"#)
                : RatesServer.answer("no", status: "404 Not Found")
        }
        let served = try Self.serve(rates.url + "/latest")
        let client = try served.client()
        let known = try client.get("/rates/usd")
        #expect(known.status == 200)
        #expect(known.text == #"{"currency":"USD","rate":1.08437219}"#)
        let unknown = try client.get("/rates/XXQ")
        #expect(unknown.status == 404)
        #expect(try unknown.errorCode() == "NOT_FOUND")
        let malformed = try client.get("/rates/dollars")
        #expect(malformed.status == 400)
        #expect(malformed.text.contains(#""field":"currency""#))
        #expect(rates.requests == ["GET /latest/USD HTTP/1.1", "GET /latest/XXQ HTTP/1.1"])
    }

    @Test(
        "an answer that is no rate is 502 by the envelope, and nothing of it is passed on",
        arguments: [
            RatesServer.answer("secret words", status: "500 Oops"), RatesServer.answer("secret words"),
            RatesServer.answer(#"{"currency":"EUR","rate":1}"#), RatesServer.answer(#"{"currency":"USD","rate":-1}"#),
            "secret words\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"currency\":",
        ])
    func nonsense(answer: String) throws {
        let rates = try RatesServer { _ in answer }
        let served = try Self.serve(rates.url)
        let failed = try served.client().get("/rates/USD")
        #expect(failed.status == 502, "\(failed.text)")
        #expect(try failed.errorCode() == "RATES_FAILED")
        #expect(!failed.text.contains("secret") && !failed.text.contains("127.0.0.1"))
    }

    @Test("a service that says nothing, or that it is overloaded, is 503 with the time to try again")
    func unavailable() throws {
        for answer in ["", RatesServer.answer("later", status: "503 Busy")] {
            let rates = try RatesServer { _ in answer }
            let served = try Self.serve(rates.url)
            let failed = try served.client().get("/rates/USD")
            #expect(failed.status == 503)
            #expect(try failed.errorCode() == "RATES_UNAVAILABLE")
            #expect(failed.header("retry-after") == "5")
        }
    }

    @Test("without a service, and with one that is not there, it is 503, and the log has the reason")
    func absent() throws {
        let gone = try RatesServer { _ in "" }
        gone.stop()
        for (url, reason) in [(nil, "rates: RATES_URL is not set"), (gone.url, "rates: ")] {
            let served = try Self.serve(url)
            let failed = try served.client().get("/rates/USD")
            #expect(failed.status == 503)
            #expect(try failed.errorCode() == "RATES_UNAVAILABLE")
            #expect(!failed.text.contains("127.0.0.1") && !failed.text.contains("RATES_URL"))
            eventually("the log has the reason: \(served.log)") {
                served.logLines().contains { ($0["reason"] as? String)?.hasPrefix(reason) == true }
            }
        }
    }

    @Test("the service sees the request's id, and its trace under a parent of its own")
    func identity() throws {
        let rates = try RatesServer { _ in RatesServer.answer(#"{"currency":"USD","rate":2}"#) }
        let served = try Self.serve(rates.url)
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let answer = try served.client().get(
            "/rates/USD",
            headers: [
                "X-Request-Id: order-42", "traceparent: 00-\(trace)-b7ad6b7169203331-01", "tracestate: vendor=1",
            ])
        #expect(answer.status == 200)
        #expect(answer.header("x-request-id") == "order-42")
        let head = try #require(rates.heads.first)
        let fields = head.split(separator: "\r\n").dropFirst().map { line in
            line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        func field(_ name: String) -> String? { fields.first { $0[0].lowercased() == name }?.last }
        #expect(field("x-request-id") == "order-42")
        #expect(field("tracestate") == "vendor=1")
        let parts = try #require(field("traceparent")).split(separator: "-")
        #expect(parts.count == 4 && parts[0] == "00" && parts[3] == "01")
        #expect(parts[1] == trace)
        #expect(parts[2] != "b7ad6b7169203331" && parts[2].count == 16)
    }
}

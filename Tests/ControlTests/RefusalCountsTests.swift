import Testing

@testable import Control

@Suite struct RefusalCountsTests {
    @Test("each reason is counted, and only what has occurred is told")
    func counts() {
        let counts = RefusalCounts()
        #expect(counts.all.isEmpty)
        for reason in ["target", "chunk", "target"] { counts.add(reason) }
        #expect(counts.all.map { "\($0.reason) \($0.count)" } == ["chunk 1", "target 2"])
    }

    @Test(
        "status tells how many there were, where there were any",
        arguments: [
            ("{}", ""), (#"{"host":1}"#, ", 1 request refused"), (#"{"host":2,"a":1}"#, ", 3 requests refused"),
        ])
    func report(refusals: String, text: String) throws {
        let json = #"{"name":"shop","uptimeSeconds":60,"connections":1,"refusals":\#(refusals),"functions":[]}"#
        #expect(try StatusReport(json: Array(json.utf8)).headline == "shop: up 60 s, 1 connections" + text)
    }
}

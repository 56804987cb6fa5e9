import Testing
import WireProtocol

@testable import Gateway

@Suite("Accept-Encoding")
struct AcceptEncodingTests {
    @Test(
        "gzip is taken",
        arguments: [
            ["gzip"], ["GZIP"], ["x-gzip"], ["gzip, deflate, br"], ["br;q=1.0, gzip;q=0.8, *;q=0.1"], ["*"],
            ["*;q=0.001"], ["gzip;q=0.5"], ["gzip;q=1.000"], ["gzip ; q=0.1"], ["gzip;Q=1"], ["identity;q=0, gzip"],
            ["identity, gzip"], ["identity;q=0.5, gzip;q=0.5"], ["br", "gzip"], [",gzip,,"], ["gzip;q=1."],
            ["gzip;q=0.01"],
            ["*;q=0, gzip"], ["identity;q=0" + ", *"],
        ])
    func taken(lines: [String]) {
        #expect(AcceptEncoding.takesGzip(Self.headers(lines)))
    }

    @Test(
        "gzip is refused, not preferred, not named, or the field is malformed",
        arguments: [
            [], [""], ["identity"], ["br"], ["gzip;q=0"], ["gzip;q=0.0"], ["gzip;q=0.000"], ["*;q=0"], ["gzip;q=0, *"],
            ["x-gzip;q=0, *"], ["identity, gzip;q=0.5"], ["gzip;q=0.499, identity;q=0.5"], ["gzip, gzip;q=0"],
            ["gzip;q=2"], ["gzip;q=1.001"], ["gzip;q=0.1234"], ["gzip;q=-1"], ["gzip;q=.5"], ["gzip;q="], ["gzip;q"],
            ["gzip;"], ["gzip;x=1"], ["gzip;q=1;x=2"], ["gzip; q = 1"], ["gzip q=1"], ["gzip, b@r"], ["gzip;q=nan"],
            ["gzip, ;q=1"], ["gzip", "de flate"], ["gzipped"], ["gzi"], ["\"gzip\""], ["gzip;q=1e0"],
        ] as [[String]])
    func refused(lines: [String]) {
        #expect(!AcceptEncoding.takesGzip(Self.headers(lines)))
    }

    private static func headers(_ lines: [String]) -> HeaderList {
        var headers: HeaderList = ["accept": "gzip"]
        for line in lines { headers.append("accept-encoding", line) }
        return headers
    }
}

import JSONCoding
import WireProtocol

/// The answers of contract 3.9: 200 or 503, and never an error's text, a host or a URL.
enum HealthAnswer {
    static func response(
        _ path: HealthPath, source: (any HealthSource)?, unixMilliseconds: UInt64
    ) -> OutgoingResponse {
        var json = JSONWriter()
        let isHealthy: Bool
        json.beginObject()
        json.key("status")
        switch path {
        case .live, .ready:
            isHealthy = path == .live || source?.isReady ?? true
            json.string(isHealthy ? "healthy" : "unhealthy")
        case .services:
            let snapshot = source?.snapshot() ?? HealthSnapshot()
            isHealthy = snapshot.isHealthy
            json.string(isHealthy ? "healthy" : "unhealthy")
            json.key("timestamp")
            json.timestamp(unixMilliseconds: Int64(clamping: unixMilliseconds))
            json.key("services")
            json.beginObject()
            for service in snapshot.services { write(service, &json) }
            json.endObject()
        }
        json.endObject()
        var headers = HeaderList()
        headers.append(constant: "content-type", "application/json")
        headers.append(constant: "cache-control", "no-store")
        return OutgoingResponse(status: isHealthy ? .ok : Status(503), headers: headers, body: json.bytes)
    }

    private static func write(_ service: HealthSnapshot.Service, _ json: inout JSONWriter) {
        json.key(service.name)
        json.beginObject()
        json.key("status")
        json.string(service.isHealthy ? "healthy" : "unhealthy")
        if let latency = service.latency {
            let (seconds, attoseconds) = latency.components
            let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            json.key("latencyMs")
            json.double(Double(microseconds) / 1000)
        }
        json.endObject()
    }
}

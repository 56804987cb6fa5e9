import Gateway
import OutboundHTTP
import WorkerLoop

/// Fetches key sets with libcurl, on a `WorkerLoop` on a thread of its own.
///
/// The URL is the manifest's and no other: redirects are not followed. https, or http to a loopback address; 5 s; 1 MiB.
/// Certificates are checked, no proxy and no credentials are used, and one attempt is made: when the next one comes is
/// `KeySetSource`'s to say.
final class KeySetFetch: KeySetFetcher {
    /// Why there is no set. It holds no part of the URL or of the answer.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a fetch may take.
    static let limit = Duration.seconds(5)
    /// How long a set may be, in bytes.
    static let longest = 1 << 20

    private let loop: WorkerLoop
    private let client: HTTPClient

    /// - Parameters:
    ///   - loop: the loop that the work is done on; its owner runs it.
    ///   - certificateAuthorities: the path of a PEM file that is trusted in place of the system's authorities.
    /// - Throws: where the client cannot be made.
    init(on loop: WorkerLoop, certificateAuthorities: String? = nil) throws {
        self.loop = loop
        client = try HTTPClient(
            HTTPClientConfiguration(
                certificateAuthorities: certificateAuthorities, connectionsToOneHost: 1, idleConnections: 1),
            on: loop)
    }

    func fetch(_ url: String, completion: @escaping @Sendable (Result<FetchedKeySet, any Error>) -> Void) {
        let (loop, client) = (loop, client)
        loop.post {
            Task(executorPreference: loop.taskExecutor) {
                let result: Result<FetchedKeySet, any Error>
                do { result = .success(try await Self.get(url, client)) } catch { result = .failure(error) }
                completion(result)
            }
        }
    }

    /// Closes the connections; fetches that run fail.
    func close() { client.close() }

    private static func get(_ url: String, _ client: HTTPClient) async throws -> FetchedKeySet {
        guard KeySetURL.isAllowed(url) else {
            throw Fault(description: "its URL is neither https nor of a loopback address")
        }
        let request = HTTPRequest(
            "GET", url, headers: ["Accept": "application/jwk-set+json, application/json"], timeout: limit,
            maximumBody: longest, redirects: 0, retries: .never, passesTrace: false)
        let answer = try await client.send(request)
        guard answer.status == 200 else { throw Fault(description: "the answer's status is \(answer.status)") }
        let control = answer.headers.values(of: "cache-control").joined(separator: ",")
        return FetchedKeySet(body: answer.body, cacheControl: control.isEmpty ? nil : control)
    }
}

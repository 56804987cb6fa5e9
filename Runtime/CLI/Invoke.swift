import ArgumentParser
import Control
import Manifests

struct Invoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Invoke one function through the same pipeline and a real worker, without a port.",
        discussion: """
            The body goes to standard output, the status and timings to standard error. Exit status 1 for a \
            status of 400 and above and for what broke off.

            With --json standard output is one object instead:
              {"status":200,"headers":{…},"body":{"id":42},"durationMs":7.31}
            The body is JSON where its type says so, else text, and null where there is none; a header that comes more \
            than once has an array of values.

            EXAMPLES
              swiftlet invoke Hello
              swiftlet invoke GetUser -p id=42
              swiftlet invoke GET /users -q page=2 -q limit=5
              swiftlet invoke CreateUser -d '{"name":"Ada","email":"ada@example.com"}'
              swiftlet invoke CreateUser -d @user.json -H 'X-Request-Id: trial-1'
              swiftlet invoke GET /users/42 --live --as 42
              swiftlet invoke GetUser -p id=42 --json
            """)

    @OptionGroup var source: ManifestOption
    @Argument(help: ArgumentHelp("A function's name, or a method and a path.", valueName: "NAME | METHOD PATH"))
    var target: [String] = []
    @Option(name: [.customShort("p"), .long], help: ArgumentHelp("A path parameter.", valueName: "NAME=VALUE"))
    var parameter: [String] = []
    @Option(name: [.customShort("q"), .long], help: ArgumentHelp("A query parameter.", valueName: "NAME=VALUE"))
    var query: [String] = []
    @Option(name: [.customShort("H"), .long], help: ArgumentHelp("A header field.", valueName: "'NAME: VALUE'"))
    var header: [String] = []
    @Option(
        name: [.customShort("d"), .long],
        help: ArgumentHelp("The body: text, @FILE, or @- for standard input.", valueName: "DATA"))
    var data: String?
    @Option(name: .customLong("as"), help: "Call as the user of this id.") var identity: String?
    @Option(help: "A role of the caller; may be repeated.") var role: [String] = []
    @Option(help: "A scope of the caller; may be repeated.") var scope: [String] = []
    @Option(
        help: ArgumentHelp(
            "A JSON file with any of function, method, path, parameters, query, headers, body.", valueName: "FILE"))
    var event: String?
    @Flag(help: "Send it through the running server instead; --as becomes a token by the manifest's secret.")
    var live = false
    @Flag(help: "Print status, headers, body and duration as one JSON object.") var json = false

    func validate() throws {
        guard target.count <= 2 else {
            throw ValidationError(
                "Too many words: \(target.joined(separator: " ")). Write a function's name, or a method and a path.")
        }
        if target.isEmpty && event == nil {
            throw ValidationError("Name a function, or write a method and a path, or give --event FILE.")
        }
        for item in parameter { _ = try Self.pair(item, "-p", "=") }
        for item in query { _ = try Self.pair(item, "-q", "=") }
        for item in header { _ = try Self.pair(item, "-H", ":") }
        if live && identity == nil && !(role.isEmpty && scope.isEmpty) {
            throw ValidationError("With --live, --role and --scope need --as ID: the token names its caller.")
        }
    }

    func run() async throws {
        var request = InvocationRequest()
        if let event { try request.apply(event: try InputFile.read(event)) }
        try request.apply(target: target)
        for item in parameter { request.parameters.append(try Self.pair(item, "-p", "=")) }
        for item in query { request.query.append(try Self.pair(item, "-q", "=")) }
        for item in header { request.headers.append(try Self.pair(item, "-H", ":")) }
        if let data {
            request.body = data.hasPrefix("@") ? try InputFile.read(String(data.dropFirst())) : Array(data.utf8)
            if request.method == nil && request.function == nil { request.method = "POST" }
        }
        try request.checkHeaders()
        request.addContentType()
        request.identity = identity
        request.roles = role
        request.scopes = scope
        let manifest = try source.load()
        let output: (@Sendable ([UInt8]) -> Void)? = json ? nil : { @Sendable in Terminal.output(bytes: $0) }
        let outcome =
            try await
            (live
            ? LiveInvocation.run(request, manifest: manifest)
            : LocalInvocation.run(request, manifest: manifest, output: output))
        if json {
            Terminal.output(bytes: outcome.json())
        } else {
            Terminal.output(bytes: outcome.body.isEmpty || outcome.body.last == 10 ? outcome.body : outcome.body + [10])
        }
        Terminal.error(outcome.summary)
        if outcome.status >= 400 || !outcome.isWhole { throw ExitCode(1) }
    }

    private static func pair(
        _ text: String, _ option: String, _ separator: Character
    ) throws -> (name: String, value: String) {
        guard let split = text.firstIndex(of: separator), split != text.startIndex else {
            let form = separator == "=" ? "NAME=VALUE" : "'NAME: VALUE'"
            throw ValidationError("\(option) '\(text)' has no '\(separator)'; write \(option) \(form).")
        }
        var value = text[text.index(after: split)...]
        if separator == ":" {
            while value.first == " " || value.first == "\t" { value.removeFirst() }
            while value.last == " " || value.last == "\t" { value.removeLast() }
        }
        return (String(text[..<split]), String(value))
    }
}

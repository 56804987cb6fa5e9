import Testing

@testable import Manifests

@Suite("References to the environment and to files")
struct EnvironmentTests {
    @Test(
        "references are replaced as a shell would",
        arguments: [
            ("${A}", "one"), ("x${A}y", "xoney"), ("${A}${B}", "onetwo"), ("${C:-three}", "three"),
            ("${EMPTY:-filled}", "filled"), ("${EMPTY}", ""), ("${C:-}", ""), ("$${A}", "${A}"),
            ("$A $", "$A $"),
            ("$$${A}", "$${A}"), ("${C:-a:-b}", "a:-b"), ("no dollar", "no dollar"),
        ])
    func replaced(_ text: String, _ expected: String) throws {
        let interpolation = Interpolation(environment: ["A": "one", "B": "two", "EMPTY": ""])
        #expect(try interpolation.resolve(text).text == expected)
    }

    @Test(
        "only a scalar that is wholly one reference takes the key's type",
        arguments: [
            ("${A}", true), ("${A}${A}", false), ("x${A}", false), ("${A} ", false), ("$${A}", false),
        ])
    func whole(_ text: String, _ isWhole: Bool) throws {
        #expect(try Interpolation(environment: ["A": "1"]).resolve(text).isWhole == isWhole)
    }

    @Test(
        "references that cannot be are refused",
        arguments: ["${", "${}", "${1A}", "${A", "${A:+b}", "${A:-${B}}", "${ABSENT}"])
    func refused(_ text: String) {
        #expect(throws: TextProblem.self) { try Interpolation(environment: ["A": "1"]).resolve(text) }
    }

    @Test(
        ".env lines are read with quotes, comments and export",
        arguments: [
            ("A=b", "b"), ("A=", ""), ("A = x", nil), ("export A=b", "b"), ("  A=b  ", "b"), ("A=b # c", "b"),
            ("A=b#c", "b#c"), ("A=# c", ""), ("A='b # c'", "b # c"), ("A=\"b\\nc\"", "b\nc"),
            ("A='b\\nc'", "b\\nc"),
            ("A=\"b\" # c", "b"), ("A=\"b\\\"c\"", "b\"c"), ("A=a b", "a b"), ("A=${B}", "${B}"),
            ("A=\"b", nil),
            ("A", nil), ("export A", nil), ("#A=b", nil), ("A='b'c", nil), ("A=x=y", "x=y"),
        ] as [(String, String?)])
    func dotEnv(_ line: String, _ expected: String?) {
        let problems = ProblemList(file: "manifest.yaml")
        #expect(DotEnv.parse(line, file: ".env", problems: problems)["A"] == expected)
        #expect(problems.hasErrors == (expected == nil && !line.hasPrefix("#")))
    }

    @Test(".env fills in what the environment does not have, and never overrides it")
    func precedence() {
        let text = Fixtures.manifest(
            "server: {threads: \"${THREADS}\", prefix: \"${PREFIX}\", maxConnections: \"${MORE:-7}\"}")
        let loaded = Fixtures.load(
            text, environment: ["THREADS": "2"], files: ["/srv/shop/.env": "THREADS=9\nPREFIX=/api\n"])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.manifest?.server.threads == 2)
        #expect(loaded.manifest?.server.prefix == "/api")
        #expect(loaded.manifest?.server.maxConnections == 7)
    }

    @Test("a file that stands in place of a string loses one line end and no more")
    func fileReference() {
        let text = Fixtures.manifest("secret: {file: \"${WHERE:-secrets}/key\"}")
        let secret = String(repeating: "${x}", count: 9)
        let loaded = Fixtures.load(text, files: ["/srv/shop/secrets/key": secret + "\n\n"])
        #expect(loaded.manifest?.secret == secret + "\n")
    }

    @Test("a file stands in place of a variable's value, in a function and in what all have")
    func environmentFiles() {
        let text = Fixtures.manifest(
            "defaults: {env: {A: {file: secrets/a}, B: plain}}",
            function: "env: {B: {file: \"${WHERE:-secrets}/b\"}, C: 1}")
        let loaded = Fixtures.load(
            text, files: ["/srv/shop/secrets/a": "first\n", "/srv/shop/secrets/b": "007"])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.manifest?.functions.first?.env == ["A": "first", "B": "007", "C": "1"])
    }

    @Test("the keys of a map are not replaced, its values are")
    func keys() {
        let text = Fixtures.manifest(function: "env: {A: \"${DATABASE_URL}\", B: 1.50, C: yes, D: 007}")
        let env = Fixtures.load(text).manifest?.functions.first?.env
        #expect(env == ["A": "postgres://shop@localhost/shop", "B": "1.50", "C": "yes", "D": "007"])
    }

    @Test("a manifest that does not exist, or is a folder, is one problem")
    func absent() {
        let absent = ManifestLoader.load(path: "/nonexistent/manifest.yaml", environment: [:])
        #expect(
            absent.diagnostics.map(\.description) == [
                "/nonexistent/manifest.yaml:1:1: error: the manifest does not exist\n"
                    + "  fix: create it, or name another with `--manifest FILE`"
            ])
        let folder = ManifestLoader.load(path: Fixtures.folder.path(), environment: [:])
        #expect(folder.diagnostics.map(\.message) == ["the manifest is not a file"])
        let device = ManifestLoader.load(path: "/dev/zero", environment: [:])
        #expect(device.diagnostics.map(\.message) == ["the manifest is not a file"])
    }

    @Test("a real file is read with the files beside it")
    func real() {
        let path = Fixtures.folder.appending(path: "Valid/minimal.yaml").path()
        let loaded = ManifestLoader.load(path: path, environment: [:])
        #expect(loaded.manifest?.path == path)
        #expect(loaded.diagnostics.isEmpty)
    }
}

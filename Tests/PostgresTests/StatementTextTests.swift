import Testing

@testable import Postgres

@Suite struct StatementTextTests {
    @Test(
        "words are found between quotes and comments, and nowhere within them",
        arguments: [
            ("SELECT a.B, $1 FROM t_2", "select a.b 1 from t_2"),
            ("/* a /* b */ c */SET/**/ROLE--x\ny", "set role y"),
            ("'a''b' c \"d\"\"e\" f", "c f"), (#"E'a\'b' c 'd\' e"#, "c e"),
            (#"E'a''\\' b e''c"#, "b c"), ("$$a$$ b $x$ c $$ $y$ $x$ d", "b d"),
            ("a$b$c (d)", "a$b$c d"), ("'a", ""), ("/* a", ""), ("-- a", ""), ("$x$ a $x", ""), ("$", ""),
            ("E'\\", ""),
            ("", ""),
        ])
    func words(text: String, words: String) {
        #expect(StatementWords(Array(text.utf8)).joined(separator: " ") == words)
    }

    @Test(
        "what lasts as long as its session is known, whatever stands before and between its words",
        arguments: [
            "SET ROLE x", " \n/* note */ SET ROLE x", "-- note\nSET x = 1", "SET/**/ROLE x", "/* a /* b */ */reset all",
            "SET local.x = 1", "SET", "LISTEN x", "LOAD 'x'", "PREPARE x AS SELECT 1", "CREATE TEMP TABLE t ()",
            "CREATE/**/LOCAL TEMPORARY TABLE t ()", "CREATE OR REPLACE TEMP VIEW t AS SELECT 1",
            "CREATE TABLE IF NOT EXISTS pg_temp.t ()", "SELECT 1 INTO TEMP t", "(select 1 into temporary t)",
            "/* note */ SELECT 1 INTO/**/TEMP t", "SELECT 'x'INTO LOCAL TEMP TABLE t", "SELECT 1 INTO pg_temp.t",
            "WITH a AS (SELECT 1) SELECT * INTO TEMP t FROM a", "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
            "/* note */ DECLARE \"c\" NO SCROLL CURSOR WITH/**/HOLD FOR SELECT 1",
        ])
    func ofSession(text: String) {
        let statement = StatementText("\(unsafe: text)")
        #expect(statement.changesSession)
        #expect(!statement.isPreparable)
    }

    @Test(
        "what only looks like it leaves the session as it was",
        arguments: [
            "SET LOCAL ROLE x", "/* note */ SET/**/LOCAL x = 1", "SET TRANSACTION READ ONLY",
            "SET CONSTRAINTS ALL DEFERRED",
            "/* SET ROLE x */ SHOW x", "CREATE TABLE t (temp int)", "CREATE TABLE t AS SELECT 1 AS temp", "SELECT 1",
            "SELECT 'INTO TEMP t'", "SELECT \"into\" temp FROM t", "SELECT $$ INTO TEMP t $$",
            "SELECT 1 -- INTO TEMP t",
            "SELECT 1 /* INTO TEMP t */", "SELECT 1 INTO t", "SELECT 1 INTO t FROM temp",
            "WITH a AS (SELECT 1) INSERT INTO temp SELECT * FROM a", "INSERT INTO temp VALUES (1)",
            "DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1", "DECLARE c CURSOR FOR WITH a AS (SELECT 1) SELECT * FROM a",
            "", "/* SET",
        ])
    func notOfSession(text: String) {
        #expect(!StatementText("\(unsafe: text)").changesSession)
    }

    @Test(
        "what begins or ends a transaction is known",
        arguments: [
            ("BEGIN", true), ("START TRANSACTION READ ONLY", true), ("COMMIT", true), ("END", true), ("abort", true),
            ("ROLLBACK", true), ("COMMIT AND CHAIN", true), ("ROLLBACK WORK AND CHAIN", true), ("/* a */COMMIT;", true),
            ("PREPARE TRANSACTION 'x'", true), ("ROLLBACK TO x", false), ("ROLLBACK/**/WORK TO SAVEPOINT x", false),
            ("SAVEPOINT x", false), ("RELEASE SAVEPOINT x", false), ("PREPARE x AS SELECT 1", false),
            ("SELECT 1", false),
            ("-- COMMIT", false), ("SET TRANSACTION READ ONLY", false), ("", false),
        ])
    func ofTransaction(text: String, endsTransaction: Bool) {
        #expect(StatementText("\(unsafe: text)").endsTransaction == endsTransaction)
    }
}

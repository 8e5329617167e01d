namespace Holoflow.Cli.Tests.Processes;

/// <summary>An agent let in by a one-time code, typed as an operator would: here the code, there its use.</summary>
public sealed class EnrollCommandsTests : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly TemporaryFolder _server = new();
    readonly TemporaryFolder _node = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task An_agent_is_invited_enrolled_started_and_shut_out()
    {
        var key = _server.In("key");
        await File.WriteAllTextAsync(key, Assert.Single((await HoloflowProcess.Run(_server.Path, "token", "create", "operator", "--scope", "admin")).Lines), Cancellation);
        await using var server = HoloflowProcess.Start(_server.Path, ["server", "start", "--port", "0", "--require-tokens"]);
        await server.Shows("Ctrl-C stops it");
        var url = server.OutputSoFar().Split(' ').Single(w => w.StartsWith("http://", StringComparison.Ordinal) && !w.Contains('='));

        var invited = await Operator("agent", "invite", "node1");
        Assert.True(invited.ExitCode == 0, invited.Errors);
        var code = _node.In("code");
        await File.WriteAllTextAsync(code, Assert.Single(invited.Lines) + "\n", Cancellation);
        Assert.Contains("good once until", invited.Errors, StringComparison.Ordinal);
        Assert.Contains("node1", (await Operator("token", "ls")).Output, StringComparison.Ordinal);

        var enrolled = await HoloflowProcess.Run(_node.Path, "agent", "enroll", url, "--code-file", code);
        Assert.True(enrolled.ExitCode == 0, enrolled.Errors);
        Assert.Contains($"enrolled agent node1 at {url}", enrolled.Output, StringComparison.Ordinal);
        Assert.Contains("makes no broker users", enrolled.Output, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(_node.In("enrollment")), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_node.In("enrollment")));

        await Refused(_node.Path, ["agent", "enroll", url, "--code-file", code], "agent 'node1' is enrolled here already");
        await Refused(_node.Path, ["agent", "enroll", url, "--code-file", code, "--replace"], "the enrolment code of 'node1' was used already");
        Assert.Equal(["enrollment"], Directory.EnumerateDirectories(_node.Path, "enrollment*").Select(Path.GetFileName));

        await using (var agent = HoloflowProcess.Start(_node.Path, ["agent", "start", "-q", "default"]))
        {
            await agent.Shows($"agent node1 takes runs from default of {url}");
            agent.Terminate();
            _ = await agent.Outcome();
        }

        Assert.Equal(0, (await Operator("token", "revoke", "node1")).ExitCode);
        await Refused(_node.Path, ["agent", "start", "-q", "default"], "'node1' was revoked");

        async Task<CommandOutcome> Operator(params string[] arguments)
        {
            await using var process = HoloflowProcess.Start(_server.Path, arguments, new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLOFLOW_API_URL"] = url, ["HOLOFLOW_API_KEY_FILE"] = key });
            return await process.Outcome();
        }
    }

    [Theory]
    [InlineData("agent enroll http://127.0.0.1:9", "--code-file FILE is required")]
    [InlineData("agent enroll ftp://there --code-file {0}", "is not an address like")]
    [InlineData("agent enroll http://127.0.0.1:9 --code-file /no/such/file", "--code-file /no/such/file cannot be read")]
    [InlineData("agent enroll http://127.0.0.1:9 --code-file /dev/null", "--code-file /dev/null holds no enrolment code")]
    [InlineData("agent enroll http://127.0.0.1:9 --code-file -", "--code-file - holds no enrolment code")]
    [InlineData("agent invite a/b", "must not hold '/'")]
    [InlineData("agent invite node1 --expires 30d", "must be within 7 days")]
    [InlineData("agent invite node1 --expires soon", "--expires 'soon' is no duration")]
    [InlineData("token create node1 --scope enroll", "'holoflow agent invite NAME'")]
    public async Task Bad_input_is_one_line(string arguments, string message)
    {
        var code = _node.In("code");
        await File.WriteAllTextAsync(code, new string('x', 40), Cancellation);
        await Refused(_node.Path, arguments.Replace("{0}", code, StringComparison.Ordinal).Split(' '), message);
        Assert.Empty(Directory.EnumerateDirectories(_node.Path, "enrollment*"));
    }

    [Fact]
    public async Task A_server_that_is_away_leaves_nothing_behind()
    {
        var code = _node.In("code");
        await File.WriteAllTextAsync(code, new string('x', 40), Cancellation);
        var outcome = await HoloflowProcess.Run(_node.Path, "agent", "enroll", "http://127.0.0.1:9", "--code-file", code);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("127.0.0.1:9", Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(_node.Path, "enrollment*"));
    }

    static async Task Refused(string home, string[] arguments, string message)
    {
        var outcome = await HoloflowProcess.Run(home, arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}

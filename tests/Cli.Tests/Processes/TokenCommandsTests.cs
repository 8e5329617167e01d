using System.Text.Json;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>API tokens from the first one on, typed as an operator would.</summary>
public sealed class TokenCommandsTests : IDisposable
{
    readonly TemporaryFolder _home = new();
    readonly TemporaryFolder _user = new();

    public void Dispose()
    {
        _home.Dispose();
        _user.Dispose();
    }

    [Fact]
    public async Task A_server_that_asks_for_tokens_is_set_up_used_and_closed_to_a_revoked_one()
    {
        var refused = await HoloflowProcess.Run(_home.Path, "server", "start", "--port", "0", "--require-tokens");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("holoflow token create NAME --scope admin", Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        var admin = await Create("operator", "admin", null);
        var agent = await Create("node1", "agent", null);
        await using var server = HoloflowProcess.Start(_home.Path, ["server", "start", "--port", "0", "--require-tokens"]);
        await server.Shows("Ctrl-C stops it");
        var url = server.OutputSoFar().Split(' ').Single(w => w.StartsWith("http://", StringComparison.Ordinal) && !w.Contains('='));

        var without = await Ask(url, null, "flow-run", "ls");
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("an API token is needed", without.Errors, StringComparison.Ordinal);
        Assert.Contains("HOLOFLOW_API_KEY_FILE", without.Errors, StringComparison.Ordinal);
        var reader = await Create("viewer", "read", Environment(url, admin));
        Assert.Equal(0, (await Ask(url, reader, "flow-run", "ls")).ExitCode);
        var tooLittle = await Ask(url, reader, "work-queue", "create", "galaxy");
        Assert.Equal(2, tooLittle.ExitCode);
        Assert.Contains("'viewer' has scope read; this needs scope admin", tooLittle.Errors, StringComparison.Ordinal);

        var wrongAgent = await Ask(url, reader, "agent", "start", "-q", "default");
        Assert.Equal(2, wrongAgent.ExitCode);
        Assert.Contains("an agent needs one of scope agent", wrongAgent.Errors, StringComparison.Ordinal);
        await using var working = HoloflowProcess.Start(_user.Path, ["agent", "start", "-q", "default", "--name", "node1"], Environment(url, agent));
        await working.Shows("takes runs from default");

        var rows = JsonElement.Parse((await Ask(url, admin, "token", "ls", "--json")).Output).EnumerateArray().Select(t => $"{t.GetProperty("name")} {t.GetProperty("scope")}").Order(StringComparer.Ordinal);
        Assert.Equal(["node1 Agent", "operator Admin", "viewer Read"], rows);
        Assert.Equal(0, (await Ask(url, admin, "token", "revoke", "viewer")).ExitCode);
        var revoked = await Ask(url, reader, "flow-run", "ls");
        Assert.Equal(2, revoked.ExitCode);
        Assert.Contains("'viewer' was revoked", revoked.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("viewer", (await Ask(url, admin, "token", "ls")).Output, StringComparison.Ordinal);

        working.Terminate();
        _ = await working.Outcome();
        server.Terminate();
        var served = await server.Outcome();
        Assert.All([admin, agent, reader], token => Assert.DoesNotContain(token, served.Output + served.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_file_of_the_profile_is_used_and_a_key_is_never_an_argument()
    {
        var file = _home.In("key");
        await File.WriteAllTextAsync(file, new string('x', 40), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "config", "set", $"HOLOFLOW_API_KEY_FILE={file}")).ExitCode);
        var refused = await HoloflowProcess.Run(_home.Path, "config", "set", $"HOLOFLOW_API_KEY={new string('y', 40)}");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("does not belong on a command line", refused.Errors, StringComparison.Ordinal);
        await using var view = HoloflowProcess.Start(_home.Path, ["config", "view"], new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLOFLOW_API_KEY"] = new string('z', 40) });
        var shown = await view.Outcome();
        Assert.Contains("(hidden)", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("zzz", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token create x", "--scope")]
    [InlineData("token create x --scope rood", "--scope 'rood' is no scope: read, run, agent or admin")]
    [InlineData("token create x --scope 3", "--scope '3' is no scope")]
    [InlineData("token create x --scope read --expires soon", "--expires 'soon' is no duration")]
    [InlineData("server start --listen 4200", "--listen '4200' is no IP address")]
    [InlineData("server start --listen example", "--listen 'example' is no IP address")]
    public async Task Bad_input_is_one_line(string arguments, string message)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, arguments.Split(' '));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    // With no server, on the state directory itself.
    async Task<string> Create(string name, string scope, Dictionary<string, string>? environment)
    {
        await using var process = HoloflowProcess.Start(_home.Path, ["token", "create", name, "--scope", scope, "--expires", "1h"], environment);
        var outcome = await process.Outcome();
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return Assert.Single(outcome.Lines);
    }

    async Task<CommandOutcome> Ask(string url, string? token, params string[] arguments)
    {
        await using var process = HoloflowProcess.Start(_user.Path, arguments, Environment(url, token));
        return await process.Outcome();
    }

    static Dictionary<string, string> Environment(string url, string? token)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLOFLOW_API_URL"] = url };
        if (token is not null)
            environment["HOLOFLOW_API_KEY"] = token;
        return environment;
    }
}

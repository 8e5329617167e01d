using System.Diagnostics;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>The stack on a host without Docker, at work.</summary>
[Collection(HeadNodeCollection.Name)]
public sealed class HeadNodeTests(HeadNodeStack stack)
{
    static readonly string[] All = ["postgres", "rabbitmq", "state-store", "log-ingest", "scheduler", "api", "agent"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task A_flow_runs_on_the_stack_that_the_script_brought_up()
    {
        using var client = stack.Client();
        var run = await SampleRun.Carry(client, stack.SampleFlows, Cancellation);
        Assert.Equal("Completed", run.State.Type.ToString());
        Assert.Equal(21, (await client.FlowRuns.Get(run.Id, Cancellation)).TaskCounts["Completed"]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Without_options_the_script_sets_the_environment_alone()
    {
        var elsewhere = await stack.RunWith(new(StringComparer.Ordinal) { ["HOLOFLOW_STACK"] = stack.Directory });
        Assert.Equal(0, elsewhere.ExitCode);
        Assert.Equal(stack.Exports, HeadNodeStack.ReadExports(elsewhere.Output));
        Assert.Equal(["HOLOFLOW_API_KEY_FILE", "HOLOFLOW_API_URL", "HOLOFLOW_HOME"], stack.Exports.Keys.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task Nobody_is_answered_without_the_token()
    {
        using var stranger = new HttpClient();
        using var answer = await stranger.GetAsync(new Uri(new Uri(stack.Exports["HOLOFLOW_API_URL"]), "/api/flow-runs"), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_service_that_dies_is_started_again()
    {
        var scheduler = Service("Scheduler");
        scheduler.Kill();
        await scheduler.WaitForExitAsync(Cancellation);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!stack.Processes().Any(process => IsService(process, "Scheduler")))
            await tick.WaitForNextTickAsync(Cancellation);

        var status = (await stack.Run("status", "--directory", stack.Directory)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(All, status.Select(line => line.Split(' ')[0]));
        Assert.All(status, line => Assert.Contains(" running, process ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_are_the_owners_alone()
    {
        var secrets = Path.Combine(stack.Directory, "secrets");
        var files = Directory.GetFiles(secrets, "*", SearchOption.AllDirectories);
        Assert.True(files.Length >= 11);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file)));
        Assert.All(Directory.GetDirectories(secrets).Append(stack.Directory), folder => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
    }

    [Fact]
    public void No_secret_is_an_argument_a_variable_or_a_line_of_a_log()
    {
        var secrets = Directory.GetFiles(Path.Combine(stack.Directory, "secrets"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        Assert.All(secrets, secret => Assert.True(secret.Length >= 32));
        var shown = stack.Processes().Select(HeadNodeStack.ArgumentsAndEnvironment).Concat(Directory.GetFiles(Path.Combine(stack.Directory, "logs")).Select(File.ReadAllText)).ToList();
        Assert.True(shown.Count > 10);
        Assert.DoesNotContain(shown, text => secrets.Exists(secret => text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_stack_that_runs_is_not_started_twice()
    {
        var again = await stack.Run("start", "--directory", stack.Directory, "--binaries", "/nowhere");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("runs already", again.Errors, StringComparison.Ordinal);
    }

    Process Service(string name) => stack.Processes().Single(process => IsService(process, name));

    static bool IsService(Process process, string name) => process.ProcessName == "dotnet" && HeadNodeStack.ArgumentsAndEnvironment(process).Contains($"/Holoflow.{name}.dll", StringComparison.Ordinal);
}

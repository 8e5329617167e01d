using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Tokens;
using Holoflow.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Stack.Tests;

/// <summary>An agent comes in by a one-time code, over real services and a real broker, works as a user of its own, and is shut out again.</summary>
public sealed class EnrollmentTests(EnrollingStack stack) : IClassFixture<EnrollingStack>
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task An_enrolled_agent_runs_flows_as_a_user_of_its_own_until_it_is_revoked()
    {
        var home = Path.Combine(stack.Folder(), "home");
        var code = await stack.Admin.Tokens.Create(new CreateApiToken { Name = "node1", Scope = TokenScope.Enroll }, Cancellation);
        var file = Path.Combine(stack.Folder(), "code");
        await File.WriteAllTextAsync(file, code.Token + "\n", Cancellation);
        var (exit, output) = await Holoflow(home, "agent", "enroll", stack.ApiAddress.AbsoluteUri, "--code-file", file);
        Assert.True(exit == 0, output);
        Assert.Contains("enrolled agent node1", output, StringComparison.Ordinal);
        var enrollment = Path.Combine(home, "enrollment");
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(enrollment));
        Assert.All(Directory.EnumerateFiles(enrollment), f => Assert.Equal(OwnerOnly, File.GetUnixFileMode(f)));
        Assert.Equal(["agent.json", "api-token", "broker-password"], Directory.EnumerateFiles(enrollment).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        (exit, output) = await Holoflow(Path.Combine(stack.Folder(), "home"), "agent", "enroll", stack.ApiAddress.AbsoluteUri, "--code-file", file);
        Assert.Equal(2, exit);
        Assert.Contains("the enrolment code of 'node1' was used already", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        await using (var agent = PrivateProcess.Start("dotnet", [HoloflowCommand.Program, "agent", "start", "-q", "far"], Environment(home), "/"))
        {
            var run = await Run();
            Assert.Equal("Completed", (await stack.Admin.Ended(run, Cancellation)).State.Type.ToString());
            // The broker's management hears of connections a moment after they are made, and of their end.
            await Polling.Until(async () => (await ConnectedUsers()).Contains("agent-node1"));
            await IsAnAgentAndNoMore(await File.ReadAllTextAsync(Path.Combine(enrollment, "broker-password"), Cancellation));

            var token = (await stack.Admin.Tokens.List(Cancellation)).Single(t => t is { Name: "node1", Live: true });
            await stack.Admin.Tokens.Revoke(token.Id, Cancellation);
            await Polling.Until(async () => !(await ConnectedUsers()).Contains("agent-node1"));
        }

        Assert.DoesNotContain("agent-node1", await Users());
        (exit, output) = await Holoflow(home, "agent", "start", "-q", "far");
        Assert.Equal(2, exit);
        Assert.Contains("'node1' was revoked", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_user_whose_token_was_revoked_while_nobody_could_remove_it_goes_at_the_next_revocation()
    {
        using var put = await stack.Management.PutAsync(new Uri("api/users/agent-left", UriKind.Relative), new StringContent("""{"password":"x","tags":"holoflow-agent"}"""), Cancellation);
        _ = put.EnsureSuccessStatusCode();
        Assert.Contains("agent-left", await Users());
        var token = await stack.Admin.Tokens.Create(new CreateApiToken { Name = "another", Scope = TokenScope.Read }, Cancellation);
        await stack.Admin.Tokens.Revoke(token.Id, Cancellation);
        Assert.DoesNotContain("agent-left", await Users());
    }

    async Task IsAnAgentAndNoMore(string password)
    {
        var factory = new ConnectionFactory { Uri = stack.Broker.Address, UserName = "agent-node1", Password = password.Trim() };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        foreach (var exchange in (string[])["state-store.define-deployment", "run-state-changed", "agent-control"])
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
            var refused = await Assert.ThrowsAsync<AlreadyClosedException>(async () => await channel.BasicPublishAsync(exchange, "x", Array.Empty<byte>(), Cancellation));
            Assert.Contains("ACCESS_REFUSED", refused.Message, StringComparison.Ordinal);
        }
    }

    async Task<Guid> Run()
    {
        var program = new FlowProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = "Mapped" };
        return (await stack.Admin.FlowRuns.Create(new CreateFlowRun { FlowName = "Mapped", Program = program, Queue = "far", Parameters = JsonElement.Parse("""{"count":3}""") }, cancellation: Cancellation)).Id;
    }

    Task<List<string>> ConnectedUsers() => Names("api/connections", "user");

    Task<List<string>> Users() => Names("api/users", "name");

    async Task<List<string>> Names(string path, string property)
    {
        using var rows = JsonDocument.Parse(await stack.Management.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
        return [.. rows.RootElement.EnumerateArray().Select(r => r.TryGetProperty(property, out var name) ? name.GetString()! : "")];
    }

    static Dictionary<string, string> Environment(string home) => new(StringComparer.Ordinal) { ["HOLOFLOW_HOME"] = home };

    static async Task<(int ExitCode, string Output)> Holoflow(string home, params string[] arguments)
    {
        var (code, output, errors) = await HoloflowCommand.Run(home, null, arguments);
        return (code, output + errors);
    }
}

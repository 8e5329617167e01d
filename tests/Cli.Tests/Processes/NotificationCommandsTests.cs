namespace Holoflow.Cli.Tests.Processes;

/// <summary>Who is told of which changes, from the command line.</summary>
public sealed class NotificationCommandsTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_notification_is_made_listed_tried_and_removed()
    {
        Assert.EndsWith(": is set", Assert.Single((await Does("notification", "create", "chat", "--webhook", "https://chat.example.org/x", "--flow", "holography", "-t", "night")).Lines), StringComparison.Ordinal);
        await Does("notification", "create", "slow", "--email", "a@example.org", "--email", "b@example.org", "--longer-than", "2h");
        Assert.Equal(["chat", "slow"], (await JsonOutput.Rows(_home.Path, "notification", "ls")).Select(n => n.At("name")));
        var slow = await JsonOutput.One(_home.Path, "notification", "inspect", "slow");
        Assert.Equal(("7200", "a@example.org,b@example.org", "Email"), (slow.At("longerThanSeconds"), slow.At("address"), slow.At("target")));
        Assert.Contains("Failed or Crashed, flow holography, tags night", (await Does("notification", "ls")).Output, StringComparison.Ordinal);
        await Does("notification", "test", "chat");
        Assert.Equal("Waiting", Assert.Single(await JsonOutput.Rows(_home.Path, "notification", "deliveries", "chat")).At("state"));
        await Does("notification", "delete", "chat");
        Assert.Contains("did you mean 'slow'?", (await Fails("notification", "inspect", "slwo")).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say where to", "create", "x")]
    [InlineData("say where to", "create", "x", "--webhook", "https://a.example.org", "--events", "e")]
    [InlineData("is no state", "create", "x", "--webhook", "https://a.example.org", "--state", "Sad")]
    [InlineData("must be a web address", "create", "x", "--webhook", "chat")]
    [InlineData("must be the name of a file", "create", "x", "--webhook", "https://a.example.org", "--secret", "/etc/shadow")]
    [InlineData("cannot be read", "create", "x", "--webhook", "https://a.example.org", "--template", "/nowhere/at/all")]
    [InlineData("is the end of a run", "create", "x", "--webhook", "https://a.example.org", "--state", "Failed", "--longer-than", "1h")]
    [InlineData("there is no notification", "deliveries", "x")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string says, params string[] arguments) =>
        Assert.Contains(says, (await Fails(["notification", .. arguments])).Errors, StringComparison.Ordinal);

    async Task<CommandOutcome> Does(params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome;
    }

    async Task<CommandOutcome> Fails(params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, arguments);
        Assert.Equal(2, outcome.ExitCode);
        return outcome;
    }
}

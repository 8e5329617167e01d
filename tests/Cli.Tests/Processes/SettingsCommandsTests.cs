using System.Text.Json;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>version, help, config and profile: what needs no server.</summary>
public sealed class SettingsCommandsTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Version_is_one_line()
    {
        var outcome = await HoloflowProcess.Run(_home.Path, "version");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", Assert.Single(outcome.Lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_names_every_command(string argument)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, argument.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, outcome.ExitCode);
        Assert.All(["deployment", "work-queue", "flow-run", "task-run", "agent", "flow", "config", "profile", "version"], name => Assert.Contains($"  {name}", outcome.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_is_set_shown_and_taken_away()
    {
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "config", "set", "HOLOFLOW_API_URL=http://127.0.0.1:4299")).ExitCode);
        Assert.Equal(("http://127.0.0.1:4299", "profile default"), await Shown());
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "config", "unset", "HOLOFLOW_API_URL")).ExitCode);
        Assert.Equal((null, "not set"), await Shown());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.In("profiles.json")));

        async Task<(string?, string?)> Shown()
        {
            var rows = JsonElement.Parse((await HoloflowProcess.Run(_home.Path, "config", "view", "--json")).Output);
            var row = rows.EnumerateArray().Single(r => r.GetProperty("name").GetString() == "HOLOFLOW_API_URL");
            return (row.GetProperty("value").GetString(), row.GetProperty("source").GetString());
        }
    }

    [Fact]
    public async Task Profiles_are_created_used_and_listed()
    {
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "profile", "create", "site")).ExitCode);
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "profile", "use", "site")).ExitCode);
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "config", "set", "HOLOFLOW_API_URL=http://site:1")).ExitCode);
        var rows = JsonElement.Parse((await HoloflowProcess.Run(_home.Path, "profile", "ls", "--json")).Output);
        Assert.Equal(["default False", "site True"], rows.EnumerateArray().Select(r => $"{r.GetProperty("name")} {r.GetProperty("active")}"));
        Assert.Contains("*  site     http://site:1", (await HoloflowProcess.Run(_home.Path, "profile", "ls")).Output, StringComparison.Ordinal);
    }
}

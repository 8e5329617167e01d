using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Tests.Settings;

public sealed class ProfilesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    StatePaths Paths => new(_folder.Path, _folder.In("config"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_environment_goes_over_the_profile_and_the_profile_over_the_default()
    {
        new ProfileFile(Paths).Save(Profiles.Empty.Set("default", "HOLOFLOW_API_URL", "http://profile:1"));
        Assert.Equal(new SettingValue(Setting.ApiUrl, "http://profile:1", "profile default"), Settings().Of(Setting.ApiUrl));
        Assert.Equal(new SettingValue(Setting.ApiUrl, "http://environment:1", "environment"), Settings(("HOLOFLOW_API_URL", "http://environment:1")).Of(Setting.ApiUrl));
        Assert.Equal("http://profile:1", Settings(("HOLOFLOW_API_URL", "")).Of(Setting.ApiUrl).Value);
        Assert.Null(Settings().Of(Setting.ApiKeyFile).Value);
    }

    [Fact]
    public void The_profile_may_be_chosen_for_one_process()
    {
        new ProfileFile(Paths).Save(Profiles.Empty.Create("site").Set("site", "HOLOFLOW_API_URL", "http://site:1"));
        Assert.Null(Settings().Of(Setting.ApiUrl).Value);
        Assert.Equal("http://site:1", Settings(("HOLOFLOW_PROFILE", "site")).Of(Setting.ApiUrl).Value);
        Assert.Contains("there is no profile 'sight'", Assert.Throws<CommandException>(() => Settings(("HOLOFLOW_PROFILE", "sight"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_for_its_owner_alone_and_nothing_is_left_beside_it()
    {
        var file = new ProfileFile(Paths);
        file.Save(Profiles.Empty);
        file.Save(Profiles.Empty.Create("a"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        Assert.Equal([file.Path], Directory.EnumerateFiles(Paths.Config));
        Assert.Equal(["a", "default"], file.Load().All.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"active":"a","all":{}}""")]
    public void A_damaged_file_is_named(string text)
    {
        var file = new ProfileFile(Paths);
        Directory.CreateDirectory(Paths.Config);
        File.WriteAllText(file.Path, text);
        Assert.Contains(file.Path, Assert.Throws<CommandException>(file.Load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HOLOFLOW_API_URL", "127.0.0.1:4200")]
    [InlineData("HOLOFLOW_API_URL", "ftp://a")]
    [InlineData("HOLOFLOW_API_URL", "http://user:secret@a")]
    [InlineData("HOLOFLOW_API_URL", "http://a?token=secret")]
    [InlineData("HOLOFLOW_API_KEY_FILE", "relative")]
    [InlineData("HOLOFLOW_API_KEY_FILE", "/no/such/file")]
    public void A_malformed_setting_is_refused_where_it_comes_from(string name, string value)
    {
        var refusal = Assert.Throws<CommandException>(() => Settings((name, value)).Checked(Setting.Named(name)));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("environment", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../a")]
    [InlineData("")]
    [InlineData("default")]
    public void A_profile_name_is_a_word_that_is_not_taken(string name) => Assert.Throws<CommandException>(() => Profiles.Empty.Create(name));

    [Fact]
    public void Directories_follow_the_XDG_rules()
    {
        Assert.Equal(new StatePaths("/h", "/h"), Of(("HOLOFLOW_HOME", "/h"), ("XDG_STATE_HOME", "/s"), ("HOME", "/home/u")));
        Assert.Equal(new StatePaths("/s/holoflow", "/c/holoflow"), Of(("XDG_STATE_HOME", "/s"), ("XDG_CONFIG_HOME", "/c"), ("HOME", "/home/u")));
        Assert.Equal(new StatePaths("/home/u/.local/state/holoflow", "/home/u/.config/holoflow"), Of(("HOME", "/home/u"), ("XDG_STATE_HOME", "relative")));
        Assert.Throws<CommandException>(() => Of());

        static StatePaths Of(params (string, string)[] variables) => StatePaths.FromEnvironment(Environment(variables));
    }

    CurrentSettings Settings(params (string, string)[] variables) => new(Paths, Environment(variables));

    static Func<string, string?> Environment((string Name, string Value)[] variables) =>
        name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault();
}

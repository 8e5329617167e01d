using FsCheck;
using FsCheck.Fluent;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Tests.Input;

public sealed class ParameterArgumentsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("n=288", """{"n":288}""")]
    [InlineData("n=12345678901234567890123", """{"n":12345678901234567890123}""")]
    [InlineData("n=007", """{"n":"007"}""")]
    [InlineData("n=1e400", """{"n":1e400}""")]
    [InlineData("n=NaN", """{"n":"NaN"}""")]
    [InlineData("n=true", """{"n":true}""")]
    [InlineData("n=null", """{"n":null}""")]
    [InlineData("n=", """{"n":""}""")]
    [InlineData("n=a=b", """{"n":"a=b"}""")]
    [InlineData("n=[1,2]", """{"n":[1,2]}""")]
    [InlineData("n={\"a\":1}", """{"n":{"a":1}}""")]
    [InlineData("n=\"quoted\"", """{"n":"quoted"}""")]
    [InlineData("n=/data/a b.ms", """{"n":"/data/a b.ms"}""")]
    [InlineData("n=@file", """{"n":"@file"}""")]
    public void A_value_is_JSON_where_it_parses_and_a_string_otherwise(string pair, string json) =>
        Assert.Equal(json, ParameterArguments.Read(null, [pair]).ToJsonString());

    [Fact]
    public void Any_text_that_is_no_JSON_arrives_as_it_is() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        text =>
        {
            var value = $"x{text.Get.Replace('\uFFFD', '?')}";
            return ParameterArguments.Read(null, [$"k={value}"])["k"]!.GetValue<string>() == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_command_line_goes_over_the_file()
    {
        var file = _folder.Write("p.json", """{"a":1,"b":{"c":2}}""");
        Assert.Equal("""{"a":5,"b":{"c":2},"d":"x"}""", ParameterArguments.Read(file, ["a=5", "d=x"]).ToJsonString());
    }

    [Theory]
    [InlineData("novalue", "is not key=value")]
    [InlineData("=5", "is not key=value")]
    [InlineData("k=\uFFFD", "not UTF-8")]
    public void A_malformed_pair_is_refused_by_name(string pair, string message) =>
        Assert.Contains(message, Assert.Throws<CommandException>(() => ParameterArguments.Read(null, [pair])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_parameter_given_twice_is_refused() =>
        Assert.Contains("'k' is given twice", Assert.Throws<CommandException>(() => ParameterArguments.Read(null, ["k=1", "k=2"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[1]", "holds no JSON object")]
    [InlineData("{\"a\":1,}", "is not JSON: line 1")]
    [InlineData("{\"a\":1,\"a\":2}", "is not JSON")]
    [InlineData("", "is not JSON")]
    public void A_malformed_file_is_refused_by_name(string text, string message)
    {
        var file = _folder.Write("p.json", text);
        var refusal = Assert.Throws<CommandException>(() => ParameterArguments.Read(file, []));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadInput, refusal.ExitCode);
    }

    [Fact]
    public void A_file_that_is_not_text_is_refused()
    {
        File.WriteAllBytes(_folder.In("p.json"), [(byte)'{', 0xff, (byte)'}']);
        Assert.Contains("not UTF-8", Assert.Throws<CommandException>(() => ParameterArguments.Read(_folder.In("p.json"), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Contains("cannot be read", Assert.Throws<CommandException>(() => ParameterArguments.Read(_folder.In("none.json"), [])).Message, StringComparison.Ordinal);
}

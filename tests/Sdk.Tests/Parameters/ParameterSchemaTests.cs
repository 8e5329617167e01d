using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Sdk.Tests.Parameters;

public class ParameterSchemaTests
{
    static readonly JsonElement Schema = JsonElement.Parse("""
        {
          "type": "object", "additionalProperties": false, "required": ["path", "channels"],
          "properties": {
            "path": { "type": "string", "minLength": 1 },
            "channels": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 100 },
            "weight": { "type": ["number", "null"], "exclusiveMinimum": 0 },
            "mode": { "enum": ["Fast", "Exact"] },
            "when": { "type": "string", "format": "date-time" },
            "beams": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] } },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } }
          }
        }
        """);

    [Fact]
    public void EveryMistakeIsNamedAtOnce()
    {
        var mistakes = Check("""{"chanels": 1, "weight": 0, "mode": "Slow", "beams": [{"name": "a"}, {}], "labels": {"x": 1}, "when": "yesterday"}""");

        Assert.Equal(
            ["chanels", "weight", "mode", "beams[1].name", "labels.x", "when", "path", "channels"],
            mistakes.Select(mistake => mistake.Path));
        Assert.Equal("parameter 'chanels' is unknown; did you mean 'channels'?", mistakes[0].ToString());
        Assert.Equal("parameter 'mode' must be one of \"Fast\", \"Exact\", not \"Slow\"", mistakes[2].ToString());
        Assert.Equal("parameter 'path' is missing", mistakes[6].ToString());
    }

    [Theory]
    [InlineData("""{"path": "a", "channels": 1}""")]
    [InlineData("""{"path": "a", "channels": 100, "weight": null, "mode": "Fast", "beams": [], "labels": {}, "when": "2026-01-31T12:00:00Z"}""")]
    public void GoodParametersPass(string parameters) => Assert.Empty(Check(parameters));

    [Theory]
    [InlineData("0", "must be at least 1, not 0")]
    [InlineData("101", "must be at most 100, not 101")]
    [InlineData("1.5", "must be a whole number, not 1.5")]
    [InlineData("4294967296", "must fit into a number of kind int32, not 4294967296")]
    [InlineData("\"7\"", "must be a whole number, not \"7\"")]
    [InlineData("null", "must be a whole number, not null")]
    public void WrongNumbersSayWhatWouldBeRight(string channels, string message) =>
        Assert.Equal(message, Assert.Single(Check($$"""{"path": "a", "channels": {{channels}}}""")).Message);

    [Fact]
    public void ANameGivenTwiceIsAMistake() =>
        Assert.Equal("is given twice", Assert.Single(Check("""{"path": "a", "channels": 1, "path": "b"}""")).Message);

    [Theory]
    [InlineData("""{"path": "a\u0000b", "channels": 1}""", "path")]
    [InlineData("""{"path": "a", "channels": 1, "beams": [{"name": "x", "more": ["\u0000"]}]}""", "beams[0].more[0]")]
    public void NulIsRefusedByNameWhereverItIs(string parameters, string path)
    {
        var mistake = Assert.Single(Check(parameters));
        Assert.Equal(path, mistake.Path);
        Assert.Contains("NUL", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfASurrogatePairIsRefusedByName() =>
        Assert.Equal("path", Assert.Single(Check("""{"path": "\ud83d", "channels": 1}""")).Path);

    [Fact]
    public void AnythingButAnObjectIsRefused() =>
        Assert.Equal("the parameters must be a JSON object, not a list", Assert.Single(Check("[]")).ToString());

    [Fact]
    public void OneMebibyteIsTheLimit()
    {
        const string Frame = """{"path": "", "channels": 1}""";
        var fits = Frame.Replace("\"\"", $"\"{new string('x', ParameterSchema.MaxBytes - Frame.Length)}\"", StringComparison.Ordinal);
        Assert.Empty(Check(fits));
        Assert.Contains("1 MiB", Assert.Single(Check(fits.Replace("x\"", "xx\"", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Contains("1 MiB", ParameterSchema.TryParse(new byte[ParameterSchema.MaxBytes + 1], out _)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("path=1")]
    public void TextThatIsNotOneJsonValueIsRefused(string text) =>
        Assert.StartsWith("are not JSON", ParameterSchema.TryParse(Encoding.UTF8.GetBytes(text), out _)!.Message, StringComparison.Ordinal);

    [Fact]
    public void AListOfMistakesEnds() =>
        Assert.Equal(101, Check($$"""{"path": "a", "channels": 1, "beams": [{{string.Join(',', Enumerable.Repeat("{}", 5000))}}]}""").Count);

    [Fact]
    public void EveryOtherTextIsTaken() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(text => text is { Length: > 0 } && !text.Contains('\0', StringComparison.Ordinal) && IsUnicode(text)), text =>
        {
            var json = JsonSerializer.SerializeToElement(new { path = text, channels = 1 });
            return ParameterSchema.Validate(Schema, json).Count == 0 && json.GetProperty("path").GetString() == text;
        }).QuickCheckThrowOnFailure();

    static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    static IReadOnlyList<ParameterMistake> Check(string parameters) => ParameterSchema.Validate(Schema, JsonElement.Parse(parameters));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.HolographyFlow.Tests.Parameters;

/// <summary>HOLOGRAPHY section 9.3, row by row: a parameter's default and what its schema refuses, naming it. What a schema cannot say is in ParameterRulesTests and AdmissionTests.</summary>
public sealed class ParameterTableTests(DescribedProgram program) : IClassFixture<DescribedProgram>
{
    JsonElement Schema => program.Schema;

    [Theory]
    [InlineData("minAntennas", "8", "1")]
    [InlineData("regrid", "\"voltage-rbf\"", "\"cubic\"")]
    [InlineData("outputPixels", "101", "31", "515")]
    [InlineData("pointingToleranceArcmin", "3", "0", "-1")]
    [InlineData("maxMissingPointsPercent", "5", "-1", "31")]
    [InlineData("ampMax", "1.4", "1")]
    [InlineData("shiftAmpLimits", "[0.8,1.25]", "[0.8]", "[0.8,1,1.25]")]
    [InlineData("maxOrder", "5", "-1", "10")]
    [InlineData("orderBy", "\"bic\"", "\"best\"")]
    [InlineData("snrLimit", "3", "1.9", "10.1")]
    [InlineData("taylorTerms", "3", "0", "6")]
    [InlineData("leakageFloor", "0.01", "-0.1", "0.6")]
    public void A_parameter_has_its_default_and_its_limits(string name, string defaults, params string[] refused)
    {
        Assert.Equal(defaults, Schema.GetProperty("properties").GetProperty(name).GetProperty("default").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Refuses(name, refused);
    }

    [Theory]
    [InlineData("sbid", "0", "-3", "1.5", "\"44641\"")]
    [InlineData("expectedBeams", "0")]
    [InlineData("minBeams", "0")]
    [InlineData("settleSeconds", "-1")]
    [InlineData("polAxisDegrees", "-181", "181")]
    [InlineData("beams", "\"all\"", "[0.5]")]
    [InlineData("allocation", "{\"cores\":0}", "{\"memoryGigabytes\":-4}", "{\"walltimeMinutes\":0}", "{\"partitions\":\"work\"}")]
    [InlineData("outputPixel", "101")]
    public void A_parameter_without_a_default_has_its_limits_and_an_unknown_one_is_an_error(string name, params string[] refused) => Refuses(name, refused);

    [Fact]
    public void Sbid_and_workdir_are_needed_and_nothing_else()
    {
        Assert.Equal(["sbid", "workdir"], Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
        Assert.Empty(ParameterSchema.Validate(Schema, Valid([])));
    }

    void Refuses(string name, string[] refused) => Assert.All(refused, value =>
        Assert.Contains(ParameterSchema.Validate(Schema, Valid(new() { [name] = JsonNode.Parse(value) })), mistake => mistake.ToString().Contains(name, StringComparison.Ordinal)));

    static JsonElement Valid(JsonObject more)
    {
        more.TryAdd("sbid", 1);
        more.TryAdd("workdir", "/work");
        return JsonSerializer.SerializeToElement(more);
    }
}

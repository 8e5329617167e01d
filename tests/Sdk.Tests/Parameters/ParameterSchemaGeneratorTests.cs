using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Sdk.Tests.Parameters;

public class ParameterSchemaGeneratorTests
{
    public enum Mode
    {
        Fast,
        Exact,
    }

    public sealed record Beam([Description("Its name")] string Name, [Range(0, 35)] int Number = 0);

    [Description("How to make a hologram")]
    public sealed record Holography(
        [Description("The measurement set"), MinLength(1)] string MeasurementSet,
        [Range(1, 16384)] int ChannelCount = 64,
        [Range(0, 1, MinimumIsExclusive = true)] double Fraction = 0.5,
        Mode Mode = Mode.Exact,
        string? Note = null,
        [property: Display(Name = "When it was observed")] DateTimeOffset? ObservedAt = null,
        [MaxLength(36)] IReadOnlyList<Beam>? Beams = null,
        [RegularExpression("[A-Z]{2}[0-9]+")] string Antenna = "AK01",
        TimeSpan Limit = default,
        Dictionary<string, double>? Weights = null)
    {
        [JsonPropertyName("dry_run")]
        public bool DryRun { get; init; } = true;
    }

    const string Expected = """
        {
          "type": "object",
          "properties": {
            "measurementSet": { "type": "string", "title": "Measurement set", "description": "The measurement set", "minLength": 1 },
            "channelCount": { "type": "integer", "format": "int32", "title": "Channel count", "minimum": 1, "maximum": 16384, "default": 64 },
            "fraction": { "type": "number", "format": "double", "title": "Fraction", "exclusiveMinimum": 0, "maximum": 1, "default": 0.5 },
            "mode": { "type": "string", "enum": ["Fast", "Exact"], "title": "Mode", "default": "Exact" },
            "note": { "type": ["string", "null"], "title": "Note", "default": null },
            "observedAt": { "type": ["string", "null"], "format": "date-time", "title": "When it was observed", "default": null },
            "beams": {
              "type": ["array", "null"],
              "items": {
                "type": "object",
                "properties": {
                  "name": { "type": "string", "title": "Name", "description": "Its name" },
                  "number": { "type": "integer", "format": "int32", "title": "Number", "minimum": 0, "maximum": 35, "default": 0 }
                },
                "additionalProperties": false,
                "required": ["name"]
              },
              "title": "Beams", "maxItems": 36, "default": null
            },
            "antenna": { "type": "string", "title": "Antenna", "pattern": "^(?:[A-Z]{2}[0-9]+)$", "default": "AK01" },
            "limit": { "type": "string", "format": "time-span", "title": "Limit", "default": "00:00:00" },
            "weights": { "type": ["object", "null"], "additionalProperties": { "type": "number", "format": "double" }, "title": "Weights", "default": null },
            "dry_run": { "type": "boolean", "title": "Dry run" }
          },
          "additionalProperties": false,
          "description": "How to make a hologram",
          "required": ["measurementSet"]
        }
        """;

    [Fact]
    public void TheWholeSchemaIsApproved()
    {
        var schema = ParameterSchemaGenerator.Of(typeof(Holography));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Expected), schema), JsonSerializer.Serialize(schema, JsonSerializerOptions.Web));
    }

    [Fact]
    public void DefaultsOfInitPropertiesComeFromAnObjectThatHasThem() =>
        Assert.Equal("""{"depth":{"type":"integer","format":"int32","title":"Depth","default":3}}""", ParameterSchemaGenerator.Of(typeof(WithInit)).GetProperty("properties").GetRawText());

    public sealed class WithInit
    {
        public int Depth { get; init; } = 3;
    }

    [Fact]
    public void WhatTheSchemaTakesTheRecordReads()
    {
        var parameters = JsonElement.Parse("""{"measurementSet":"a.ms","mode":"Fast","beams":[{"name":"0"}],"limit":"01:00:00","weights":{"a":1},"observedAt":"2026-01-31T00:00:00Z"}""");
        Assert.Empty(ParameterSchema.Validate(ParameterSchemaGenerator.Of(typeof(Holography)), parameters));
        var read = JsonSerializer.Deserialize<Holography>(parameters, ResultFormat.Options)!;
        Assert.Equal(("a.ms", 64, Mode.Fast, TimeSpan.FromHours(1), true), (read.MeasurementSet, read.ChannelCount, read.Mode, read.Limit, read.DryRun));
    }

    [Fact]
    public void EveryMistakeOfARealRecordIsNamed()
    {
        var parameters = JsonElement.Parse("""{"measurement_set":"a","channelCount":0,"fraction":0,"mode":1,"antenna":"ak1","beams":[{"number":36}]}""");
        Assert.Equal(
            [
                "parameter 'measurement_set' is unknown; did you mean 'measurementSet'?",
                "parameter 'channelCount' must be at least 1, not 0",
                "parameter 'fraction' must be greater than 0, not 0",
                "parameter 'mode' must be a text, not 1",
                "parameter 'antenna' must match the pattern ^(?:[A-Z]{2}[0-9]+)$, not \"ak1\"",
                "parameter 'beams[0].number' must be at most 35, not 36",
                "parameter 'beams[0].name' is missing",
                "parameter 'measurementSet' is missing",
            ],
            ParameterSchema.Validate(ParameterSchemaGenerator.Of(typeof(Holography)), parameters).Select(mistake => mistake.ToString()));
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Holoflow.HolographyFlow.Demo;

/// <summary>Parameters of the demonstration.</summary>
sealed record DemoParameters
{
    [Description("Folder for the observation and its products; left out, holoflow-demo in the working directory")]
    public string? Folder { get; init; }

    [Range(4, 36), Description("Antennas")]
    public int Antennas { get; init; } = 8;

    [Range(4, 288), Description("Channels")]
    public int Channels { get; init; } = 16;

    [Range(5, 21), Description("Raster points a side")]
    public int RasterPoints { get; init; } = 11;

    [AllowedValues("analytic", "meerkat"), Description("The true beams")]
    public string BeamModel { get; init; } = "analytic";

    [Description("What is to be wrong with the observation, such as interference or missing-beam:2")]
    public string[] Faults { get; init; } = [];
}

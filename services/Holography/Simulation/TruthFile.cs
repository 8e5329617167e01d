using Holoflow.Holography.Fits;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Simulation;

/// <summary>
/// truth.fits: the array-average true beams, [B][4][C][K][K] in the convention of the cube (I, and Q, U, V as fractions of it), and table POINTING with each
/// antenna's true pointing error in arcmin.
/// </summary>
static class TruthFile
{
    public const string FileName = "truth.fits";

    public static void Write(string path, SimulatedObservation observation, Action<long, long> progress, CancellationToken cancellation)
    {
        var (options, p) = (observation.Options, observation.Parameters);
        using var file = FitsWriter.Create(path);
        var image = new PrimaryBeamImage
        {
            Pixels = p.OutputPixels,
            PixelSize = Angles.Degrees(OutputGrid.PixelSizeFor(options.Raster.HalfWidth, options.Footprint.Extent, p.OutputPixels)),
            Channels = options.Frequencies.Count,
            FirstFrequency = options.Frequencies[0],
            ChannelWidth = options.ChannelWidth,
            Beams = observation.Beams,
        };
        var sink = file.BeginImage(PrimaryBeamHeader.CubeShape(image), PrimaryBeamHeader.Cube(image).AddComment("The truth of a simulated observation."));
        for (var beam = 0; beam < observation.Beams; beam++)
        {
            var grid = OutputGrid.ForBeam(options.Raster, options.Footprint, beam, p.OutputPixels);
            for (var channel = 0; channel < options.Frequencies.Count; channel++)
            {
                cancellation.ThrowIfCancellationRequested();
                var stokes = observation.Simulator.Truth(beam, grid, channel, Angles.Radians(p.PolAxisDegrees));
                for (var s = 0; s < 4; s++)
                {
                    if (s > 0)
                        stokes[s] = [.. stokes[s].Zip(stokes[0], (value, intensity) => value / intensity)];
                    sink.WriteAt(((((beam * 4L) + s) * options.Frequencies.Count) + channel) * grid.Count, stokes[s]);
                }
            }
            progress(beam + 1, observation.Beams);
        }
        sink.Complete();
        var errors = observation.Simulator.PointingErrors;
        file.WriteTable("POINTING",
        [
            FitsColumn.Of("ANTENNA", Enumerable.Range(0, errors.Count).ToArray()),
            FitsColumn.Of("EAST", errors.Select(e => Angles.Arcmin(e.L)).ToArray(), unit: "arcmin"),
            FitsColumn.Of("NORTH", errors.Select(e => Angles.Arcmin(e.M)).ToArray(), unit: "arcmin"),
        ]);
        file.Complete();
    }
}

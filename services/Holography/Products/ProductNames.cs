namespace Holoflow.HolographyFlow.Products;

/// <summary>
/// Names of products: <c>akpb.&lt;pols&gt;.&lt;footprint&gt;.&lt;pitch, arcmin, two digits&gt;.&lt;centre frequency&gt;MHz.SB&lt;sbid&gt;.&lt;kind&gt;</c>. HOLOGRAPHY
/// section 4. The centre is that of the band: 799.99 MHz and 288 channels of 1 MHz make 943MHz.
/// </summary>
sealed record ProductNames(string Footprint, double PitchDegrees, double CentreFrequencyHz, long SchedulingBlockId)
{
    public string Cube => Of("cube.fits");

    public string Taylor => Of("taylor.fits");

    public string Weight => Of("weight.fits");

    public string PointingTable => Of("pointing.fits");

    public string PointingReport => Of("pointing.csv");

    public string QualityReport => Of("qa.json");

    public string Picture(string what) => Of($"{what}.png");

    public string Of(string kind) =>
        $"akpb.iquv.{Footprint}.{Math.Round(PitchDegrees * 60):00}.{Math.Round(CentreFrequencyHz / 1e6):0}MHz.SB{SchedulingBlockId}.{kind}";
}
